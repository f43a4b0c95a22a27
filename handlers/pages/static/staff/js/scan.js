// One scan: written down first, then sent, then shown; whatever breaks in between, it is sent again.
import { NotTaken, Offline, SignedOut, post } from "./api.js";
import { judge } from "./offline.js";
import { queue } from "./store.js";
import { onAnswer, undoing } from "./sync.js";
import { refusal } from "./words.js";
import { uuid } from "./uuid.js";

// Longer than this nobody at the counter waits: it is shown as taken, and the answer follows.
const SLOW_MS = 2_500;

// `show(item, answer)` shows what is known now, more than once if more becomes known; `away(why)`
// is told when there was no answer ("offline", "signed_out"), or null when there was.
export class Scanner {
  #show;
  #away;
  #shown = null;

  constructor({ show, away }) {
    this.#show = show;
    this.#away = away;
    onAnswer((item, answer) => { if (item.id === this.#shown) this.#show(item, answer.line ? answer : broken()); });
  }

  // The scan that the page shows now, by its id; null when the page shows none.
  get shown() { return this.#shown; }
  forget() { this.#shown = null; }

  async scan(code, via, extras = {}) {
    const online = navigator.onLine !== false;
    const at = new Date().toISOString();
    const id = uuid();
    const body = { code, scanId: id, at, via, ...extras, ...(online ? {} : { offline: true }) };
    const item = { id, kind: "scan", at, body, tried: online, sentAt: online ? Date.now() : 0 };
    this.#shown = id;
    await this.#write(item);
    if (online) await this.#send(item);
    else await this.#takeOffline(item, "offline");
  }

  // A browser that keeps nothing (a private window) still sends.
  #write(item) {
    return queue.put(item).catch(() => { item.unkept = true; });
  }

  async #send(item) {
    const slow = setTimeout(() => this.#takeOffline(item, null), SLOW_MS);
    try {
      const answer = await post("scan", { ...item.body, sentAt: new Date().toISOString() });
      this.#away(null);
      await this.#settle(item, answer);
    } catch (problem) {
      await this.#unanswered(item, problem);
    } finally {
      clearTimeout(slow);
    }
  }

  async #settle(item, answer) {
    const known = item.unkept ? item : await queue.get(item.id);
    if (known?.undo && answer.undoable) await queue.put(undoing(item, answer));
    else if (this.#shown === item.id) this.#show(item, answer);
    await queue.drop(item.id).catch(() => {});
  }

  async #unanswered(item, problem) {
    if (problem instanceof NotTaken) {
      await queue.drop(item.id).catch(() => {});
      this.#show(item, { ...broken(), ...(problem.answer?.line ? problem.answer : {}) });
      return;
    }
    if (!(problem instanceof Offline || problem instanceof SignedOut)) throw problem;
    await queue.change(item.id, (known) => ({ ...known, sentAt: 0 })).catch(() => {});
    await this.#takeOffline(item, problem instanceof SignedOut ? "signed_out" : "offline");
  }

  // `why` null: still on its way, and only slow.
  async #takeOffline(item, why) {
    const answer = item.unkept ? lost() : await judge(item, why);
    if (!answer.keep && why) await queue.drop(item.id).catch(() => {});
    if (why) this.#away(why);
    if (this.#shown === item.id && (answer.keep || why)) this.#show(item, answer);
  }
}

const broken = () => ({ result: "unknown", tone: "bad", ...refusal("broken"), undoable: false, marks: [] });
const lost = () => ({ result: "unknown", keep: false, tone: "bad", ...refusal("offline_unkept"), undoable: false, marks: [] });
