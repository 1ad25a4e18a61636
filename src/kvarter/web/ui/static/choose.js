// Keys for the choices of a page: each chooses the one that names it in `data-key`, Enter sends the
// form, and n goes on. Nothing is done while somebody types. The page works without this.
const form = document.getElementById("choose")

document.addEventListener("keydown", event => {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "text"
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return
  const key = event.key.toLowerCase()
  const choice = [...form.elements].find(each => each.dataset.key === key)
  if (choice) {
    choice.checked = true
    const other = choice.value === "other" ? form.elements.namedItem("other") : choice
    other.focus()
    event.preventDefault()
  } else if (key === "enter" && !(event.target instanceof HTMLAnchorElement)) {
    form.requestSubmit()
    event.preventDefault()
  } else if (key === "n") {
    document.getElementById("next")?.click()
  }
})
