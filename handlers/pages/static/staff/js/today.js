// Keeps the list of today's visits fresh while somebody looks at it.
const SECONDS = 10;
const list = document.getElementById("shift");

async function refresh() {
  // Whoever is about to tap a button, or words something, must not see it move away.
  if (document.hidden || list.contains(document.activeElement) || list.querySelector("details[open]")) return;
  try {
    const answer = await fetch(list.dataset.list, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    // Only what is new is put in: a screen reader says what changes.
    if (fresh.textContent !== list.textContent) list.replaceChildren(...fresh.childNodes);
  } catch {
    // No network, or signed out: the next try, or the next tap, will tell.
  }
}

setInterval(refresh, SECONDS * 1000);
document.addEventListener("visibilitychange", refresh);
