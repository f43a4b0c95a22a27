// Additions and undoings: written down, sent, and sent again later if there is no answer now.
import { NotTaken, Offline, SignedOut, post } from "./api.js";
import { queue, refused } from "./store.js";
import { stamped } from "./sync.js";
import { refusal, t } from "./words.js";
import { uuid } from "./uuid.js";

// The server's answer; where there was none, one that says that it waits, with `away` saying why.
async function deliver(kind, id, body, number) {
  const item = { id, kind, at: new Date().toISOString(), body, tried: true, sentAt: Date.now(), number };
  await queue.put(item).catch(() => {});
  try {
    const answer = await post(kind, stamped(item));
    await queue.drop(id).catch(() => {});
    return answer;
  } catch (problem) {
    if (problem instanceof NotTaken) {
      await queue.drop(id).catch(() => {});
      return { tone: "bad", ...refusal("broken"), ...told(problem.answer) };
    }
    if (!(problem instanceof Offline || problem instanceof SignedOut)) throw problem;
    await queue.change(id, (known) => ({ ...known, sentAt: 0 })).catch(() => {});
    const away = problem instanceof SignedOut ? "signed_out" : "offline";
    const next = away === "offline" ? t("offline.taken_next") : t("offline.taken_out_next");
    return { tone: "info", line: t(`${kind}.waits`), next, away };
  }
}

const told = (answer) => (answer?.line ? answer : {});

// Adds to the scan of `item` what was said afterwards. A scan that was never sent just says more.
export async function add(item, number, extra) {
  const more = await queue.change(item.id, (known) => (known.tried ? null : { ...known, body: { ...known.body, ...extra } })).catch(() => null);
  if (more) return { tone: "info", line: t("add.waits"), next: t("offline.taken_next"), away: "offline" };
  // What is asked twice brings a number of its own, so that two taps add it once.
  const { addId = uuid() } = extra;
  return deliver("add", addId, { scanId: item.id, addId, memberNumber: number, ...extra }, number);
}

// Adds what was not taken of a kept scan, now that somebody says that it is meant.
export async function addAgain(problem) {
  const answer = await add({ id: problem.scan }, problem.number, problem.again);
  if (answer.result === "added" || answer.away) await refused.drop(problem.id);
  else await refused.put({ ...problem, line: answer.line, next: answer.next, again: answer.again ?? null });
  return answer;
}

// Takes back an action of the server's list; `more` is what a manager adds: {reason, force}.
export function undo(action, number, more = {}) {
  const undoId = uuid();
  return deliver("undo", undoId, { action, undoId, memberNumber: number, ...more }, number);
}

// Switches a campaign on or off from this moment on, also where that is told later.
export function switchCampaign(campaign, on) {
  const switchId = uuid();
  return deliver("switch", switchId, { switchId, campaign, on, at: new Date().toISOString() });
}

// Takes back a scan that waits: at once if it was never sent, else as soon as it is answered.
export async function undoWaiting(id) {
  const item = await queue.get(id);
  if (!item) return null;
  if (item.tried) await queue.change(id, (known) => ({ ...known, undo: true }));
  else await queue.drop(id);
  return { tone: "good", line: t("undo.done"), next: "" };
}
