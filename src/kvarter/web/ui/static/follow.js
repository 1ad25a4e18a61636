// Loads the page of a run again once it says something else. Without this there is a link for it.
const run = document.getElementById("run")

async function look() {
  const answer = await fetch(run.dataset.ask).catch(() => null)
  if (answer?.redirected) return location.reload() // logged out meanwhile
  const said = answer?.ok ? await answer.json() : null
  if (said && said.mark !== run.dataset.mark) return location.reload()
  setTimeout(look, 3000)
}

setTimeout(look, 3000)
