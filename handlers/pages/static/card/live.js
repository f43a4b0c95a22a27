// The card's page: its code moves, and a visit that was counted shows at once.
"use strict";

const LOOK_EVERY = 4_000;

document.documentElement.style.setProperty("--rank-start", page.dataset.start);
document.documentElement.style.setProperty("--rank-end", page.dataset.end);

function end() {
  document.getElementById("title").textContent = page.dataset.endedTitle;
  document.getElementById("body").textContent = page.dataset.endedBody;
  page.dataset.state = "ended";
}

function show(face) {
  for (const part of ["rank", "points", "step", "expiring", "hand"]) {
    document.getElementById(part).textContent = face[part];
  }
  document.documentElement.style.setProperty("--rank-start", face.colours[0]);
  document.documentElement.style.setProperty("--rank-end", face.colours[1]);
  if (face.visits > Number(page.dataset.visits)) {
    document.getElementById("said").textContent = face.thanks;
    page.classList.add("counted");
    buzz();
  }
  page.dataset.visits = face.visits;
}

async function look() {
  if (page.dataset.state !== "ready" || document.visibilityState !== "visible") return;
  try {
    const { ok, status, said } = await ask(page.dataset.stateUrl);
    if (status === 404) end();
    if (ok) show(said);
    moving.failures = 0;
  } catch {
    moving.failures += 1;
  }
}

async function looking() {
  await look();
  setTimeout(looking, LOOK_EVERY);
}

setInterval(() => tick(end), 1_000);
tick(end);
setTimeout(looking, LOOK_EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || page.dataset.state !== "ready") return;
  renew(end);
  look();
});
