// A reward's page: looks every two seconds whether staff have handed it out, and says so.
"use strict";

const LOOK_EVERY = 2_000;
const opened = Date.now();
const left = Number(page.dataset.leftMs);
const over = ["used", "cancelled", "ended"];

function become(came) {
  if (page.dataset.state === came.state) return;
  document.getElementById("title").textContent = came.title;
  document.getElementById("body").textContent = came.body;
  document.getElementById("note").textContent = came.note;
  const wasReady = page.dataset.state === "ready";
  page.dataset.state = came.state;
  if (came.state === "ready") renew(end);
  if (wasReady && came.state === "used") buzz();
}

function end() {
  become({ state: "ended", title: page.dataset.endedTitle, body: page.dataset.endedBody, note: "" });
}

async function look() {
  if (over.includes(page.dataset.state) || document.visibilityState !== "visible") return;
  try {
    const { ok, said } = await ask(page.dataset.stateUrl);
    if (!ok) throw new Error("no state");
    moving.failures = 0;
    if (said.state === "ended") end();
    else become(said);
  } catch {
    moving.failures += 1;
  }
}

function count() {
  const rest = Math.max(0, left - (Date.now() - opened));
  const minutes = Math.floor(rest / 60_000);
  const seconds = String(Math.floor((rest % 60_000) / 1_000)).padStart(2, "0");
  document.getElementById("left").textContent = `${minutes}:${seconds}`;
  // What was handed out in the last moment is told by the server, not by our clock.
  if (rest === 0 && page.dataset.state === "ready") look();
}

async function looking() {
  await look();
  setTimeout(looking, LOOK_EVERY);
}

setInterval(() => { tick(end); count(); }, 1_000);
tick(end);
count();
setTimeout(looking, LOOK_EVERY);
document.addEventListener("visibilitychange", look);
