// The club starts anew: asks until the new one answers, and goes on there.
const waits = document.querySelector("[data-ready]");
const PAUSE_MS = 700;

async function isReady() {
  try {
    const answer = await fetch(waits.dataset.ready, { cache: "no-store" });
    return answer.status === 204;
  } catch {
    // Just now nobody is there.
    return false;
  }
}

async function look() {
  if (await isReady()) location.replace(waits.dataset.then);
  else setTimeout(look, PAUSE_MS);
}

setTimeout(look, PAUSE_MS);
