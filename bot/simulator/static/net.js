// Talking to the simulator: reads are GETs, changes are JSON POSTs from our own origin.
const root = document.body.dataset.root.replace(/\/$/, "");

export const address = (path) => root + path;

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `うまくいきませんでした (${response.status})`);
  return body;
}

export const read = async (path) => answerOf(await fetch(address(path), { cache: "no-store" }));

export const change = async (path, body) => answerOf(await fetch(address(path), {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}));
