// The editor of a goal: checks what is written against the figures while somebody types, and saves
// it while it is their turn. Without it the page does the same when the form is sent.
"use strict"

const WAIT_TO_CHECK = 900
const SAVE_EVERY = 30_000
const editor = document.querySelector("#editor")
const claims = document.querySelector("#claims")
const saved = document.querySelector("#saved")

function send(address) {
  const options = { method: "POST", body: new FormData(editor), headers: { "X-Requested-With": "kvarter" } }
  return fetch(address, options)
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

function show(found) {
  claims.replaceChildren()
  if (found.length === 0) return
  const list = document.createElement("ul")
  for (const { words, remark } of found) {
    const said = claims.dataset.claim.replace("{remark}", () => remark)
    list.append(element("li", said.replace("{words}", () => words)))
  }
  claims.append(element("p", claims.dataset.title), list)
}

async function check() {
  try {
    const answer = await send(claims.dataset.address)
    if (answer.ok) show((await answer.json()).claims)
  } catch { /* away from the network: the readiness list tells the same once it is saved */ }
}

async function save() {
  const before = written
  try {
    const answer = await send(editor.action)
    const isData = answer.headers.get("Content-Type").startsWith("application/json")
    if (answer.ok && isData) {
      const { version } = await answer.json()
      for (const field of document.querySelectorAll("input[name=version]")) field.value = version
      if (written === before) changed = false
      saved.textContent = `${claims.dataset.saved} ${new Date().toLocaleTimeString("da-DK")}`
    } else if (answer.status === 409 && isData) {
      saved.textContent = claims.dataset.conflict
      maySave = false
    }
  } catch { /* tried again next time */ }
}

let waiting = 0
let written = 0
let changed = false
let maySave = claims?.dataset.turn === "owner"

if (editor && claims) {
  claims.classList.add("kv-claims")
  editor.addEventListener("input", () => {
    written += 1
    changed = true
    clearTimeout(waiting)
    waiting = setTimeout(check, WAIT_TO_CHECK)
  })
  editor.addEventListener("submit", () => { maySave = false })
  setInterval(() => { if (changed && maySave) save() }, SAVE_EVERY)
}
