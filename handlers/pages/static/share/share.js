// Tells, once, that a person is on the page: their first touch, key or scroll, never a look of a
// machine, and not before the page was there for long enough to be read.
const { seen, token } = document.body.dataset;
const acts = ["pointerdown", "keydown", "wheel", "touchmove"];

function tell(event) {
  if (!event.isTrusted || performance.now() < 1500) return;
  for (const act of acts) removeEventListener(act, tell);
  navigator.sendBeacon(seen, new URLSearchParams({ token }));
}

for (const act of acts) addEventListener(act, tell, { passive: true });
