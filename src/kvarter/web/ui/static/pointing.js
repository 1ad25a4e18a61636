// Pointing at the figures of a drawing. The drawing is there without this, and so is the table
// beside it; what draws is fetched once somebody points at one, or goes into it by the keyboard.

const own = document.querySelector("script[data-vega]").dataset
const danish = {decimal: ",", thousands: ".", grouping: [3], currency: ["", " kr."]}
const nothing = {load: () => Promise.reject(new Error("nothing is fetched"))}

/** What draws: Vega, and what works out its expressions without making code of them. */
async function fetched() {
  await import(own.vega)
  const {expressionInterpreter} = await import(own.interpreter)
  if (document.documentElement.lang === "da") vega.formatLocale(danish)
  return expressionInterpreter
}

/** Draw the chart of a figure into `place`; what can be pointed at in it, as it is read. */
async function draw(figure, place) {
  const [expr, answer] = await Promise.all([fetched(), fetch(figure.dataset.chart)])
  const chart = vega.parse(await answer.json(), null, {ast: true})
  const view = new vega.View(chart, {expr, loader: nothing, renderer: "svg", hover: false})
  await view.initialize(place).runAsync()
  const svg = place.querySelector("svg")
  svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`)
  svg.setAttribute("aria-hidden", "true")
  return {view, items: pointed(view.scenegraph().root)}
}

const wordsOf = item => item?.datum?.told ?? item?.datum?.properties?.told

/** The marks of a drawing that say what they are, each once. */
function pointed(root) {
  const found = new Map()
  const look = each => {
    const words = each.marktype ? undefined : wordsOf(each)
    if (words && each._svg && !each.items) found.set(words, each)
    each.items?.forEach(look)
  }
  look(root)
  return [...found.values()]
}

function show(figure) {
  const image = figure.querySelector("img")
  const place = document.createElement("div")
  const said = document.createElement("p")
  place.className = "kv-chart"
  place.tabIndex = 0
  place.setAttribute("role", "group")
  place.setAttribute("aria-label", image.alt)
  said.className = "kv-told"
  said.setAttribute("role", "status")
  image.replaceWith(place)
  place.append(image)
  place.after(said)

  let drawn, at = -1, marked
  const tell = item => {
    marked?._svg?.classList.remove("kv-pointed")
    marked = item
    item?._svg?.classList.add("kv-pointed")
    said.textContent = wordsOf(item) ?? figure.dataset.hint
  }
  const begin = () => {
    drawn ??= draw(figure, place).then(made => {
      image.remove()
      made.view.addEventListener("pointermove", (_, item) => { if (wordsOf(item)) tell(item) })
      return made
    })
    return drawn
  }
  place.addEventListener("pointerenter", begin, {once: true})
  place.addEventListener("focus", () => { begin().then(() => { if (at < 0) tell() }) })
  place.addEventListener("keydown", async event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key]
    if (!step) return
    event.preventDefault()
    const {items} = await begin()
    at = (at + step + items.length) % items.length
    tell(items[at])
  })
}

document.querySelectorAll("figure[data-chart]").forEach(show)
