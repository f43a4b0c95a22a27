// Empties the queue: in order, 50 scans at a time, by one tab (or the service worker) at a time.
// Sent twice it counts once: each item has its own key, and the server gives the first answer again.
import { NotTaken, postPatiently } from "./api.js";
import { queue, refused } from "./store.js";
import { uuid } from "./uuid.js";

const BATCH = 50;
const LOCK = "kayoi-counter-sync";
// What was sent a moment ago by a page that still waits for the answer is left to that page.
const IN_FLIGHT_MS = 12_000;
// Anything else is told to staff, who thought that it was done.
const DONE = new Set(["checked_in", "added", "redeemed", "undone", "switched"]);
const ANSWERED = new EventTarget();
// The service worker and the pages of this device tell each other; nothing of it is kept.
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("kayoi-counter-answers") : null;
others?.addEventListener("message", ({ data }) => answered(data));

// `act(item, answer)` for every item that waited and got its answer.
export const onAnswer = (act) => ANSWERED.addEventListener("answer", ({ detail }) => act(detail.item, detail.answer));
const answered = (detail) => ANSWERED.dispatchEvent(Object.assign(new Event("answer"), { detail }));

function tell(item, answer) {
  answered({ item, answer });
  others?.postMessage({ item, answer });
}

// Sends what waits. Throws Offline or SignedOut, with the rest still waiting.
export function sync() {
  if (!globalThis.navigator?.locks) return drain();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? drain() : undefined));
}

async function drain() {
  for (;;) {
    const items = (await queue.all()).filter((item) => !isInFlight(item));
    if (items.length === 0) return;
    const scans = items.findIndex((item) => item.kind !== "scan");
    const batch = items.slice(0, scans < 0 ? BATCH : Math.min(BATCH, scans));
    if (batch.length === 0) await sendOne(items[0]);
    else if ((await sendScans(batch)) === 0) return;
  }
}

function isInFlight({ sentAt }) {
  const age = Date.now() - sentAt;
  return age >= 0 && age < IN_FLIGHT_MS;
}

// How many of `batch` got an answer.
async function sendScans(batch) {
  let told;
  for (const item of batch) await queue.change(item.id, (known) => ({ ...known, tried: true }));
  try {
    told = await postPatiently("sync", { sentAt: new Date().toISOString(), scans: batch.map((item) => item.body) });
  } catch (problem) {
    if (!(problem instanceof NotTaken)) throw problem;
    return refuse(batch, problem);
  }
  const answers = new Map(told.answers.map((answer) => [answer.scanId, answer]));
  const answered = batch.filter((item) => answers.has(item.id) && answers.get(item.id).error !== "busy");
  for (const item of answered) {
    const answer = answers.get(item.id);
    if (answer.error) await giveUp(item, { answer });
    else await settle(item, answer);
  }
  return answered.length;
}

// One of them is to blame: each is sent by itself, and only that one is given up.
async function refuse(batch, problem) {
  if (batch.length === 1) {
    await giveUp(batch[0], problem);
    return 1;
  }
  let answered = 0;
  for (const item of batch) answered += await sendScans([item]);
  return answered;
}

async function sendOne(item) {
  try {
    await settle(item, await postPatiently(item.kind, stamped(item)));
  } catch (problem) {
    if (!(problem instanceof NotTaken)) throw problem;
    await giveUp(item, problem);
  }
  return 1;
}

// What tells when it was made also tells what the clock says now.
export const stamped = ({ body }) => (body.at ? { ...body, sentAt: new Date().toISOString() } : body);

async function settle(item, answer) {
  const known = (await queue.get(item.id)) ?? item;
  const whole = DONE.has(answer.result) && !(answer.added ?? []).some(({ done }) => !done);
  if (!whole && !known.undo) await report(item, answer);
  if (known.undo && answer.undoable) await queue.put(undoing(item, answer));
  await queue.drop(item.id);
  tell(item, answer);
}

// What takes back a scan that was taken back before its answer was there.
export const undoing = (item, { action, member }) => {
  const id = uuid();
  const body = { action, undoId: id, memberNumber: member?.number };
  return { id, kind: "undo", at: new Date().toISOString(), body, tried: false, sentAt: 0, number: item.number };
};

const giveUp = async (item, { answer }) => {
  await report(item, answer ?? {});
  await queue.drop(item.id);
  tell(item, { result: "unknown", line: "", next: "", tone: "bad", marks: [], undoable: false, ...answer });
};

// `again`: what adds an amount that wasn't taken, where somebody says that it is meant. It waits for that.
export const report = (item, { line = "", next = "", tone = "bad", member, again = null }) =>
  refused.put({ id: item.id, at: item.at, number: member?.number ?? item.number ?? "", line, next, tone, kind: item.kind, amount: item.body?.amount, scan: item.kind === "scan" ? item.id : item.body?.scanId, again });
