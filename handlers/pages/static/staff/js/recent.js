// The last actions of this device, what waits here on top, each taken back with one tap.
import { Offline, SignedOut, get } from "./api.js";
import { button, byId, icon, make, show } from "./dom.js";
import { pageLink, spaced } from "./result.js";
import { queue } from "./store.js";
import { t, when } from "./words.js";

export class Recent {
  #undo;
  #undoWaiting;
  #told = [];

  constructor({ undo, undoWaiting }) {
    this.#undo = undo;
    this.#undoWaiting = undoWaiting;
  }

  // Asks the server again; keeps what it said last while it can't be reached.
  async refresh() {
    try {
      this.#told = (await get("recent")).actions;
    } catch (problem) {
      if (!(problem instanceof Offline || problem instanceof SignedOut)) throw problem;
    }
    await this.draw();
  }

  async draw() {
    const waiting = (await queue.all().catch(() => [])).filter((item) => item.kind === "scan" && !item.undo).reverse();
    const rows = [...waiting.map((item) => this.#waiting(item)), ...this.#told.map((action) => this.#action(action))];
    byId("recent-list").replaceChildren(...rows);
    show(byId("recent-none"), rows.length === 0);
  }

  #waiting(item) {
    const who = item.number ? spaced(item.number) : t("recent.card");
    return row({ at: item.at, who, what: waits(item.body), sign: "wait", undo: () => this.#undoWaiting(item.id) });
  }

  #action(action) {
    const who = action.name || spaced(action.memberNumber ?? "");
    const undo = action.undoable ? () => this.#undo(action.action, action.memberNumber) : null;
    return row({ at: action.at, who, page: action.page, what: action.line, sign: action.undone ? "undo" : "check", undo, undone: action.undone });
  }
}

const waits = ({ amount }) => [t("recent.waits"), amount && t("amount.said", { amount })].filter(Boolean).join(" ");

function row({ at, who, page, what, sign, undo, undone = false }) {
  const words = make("span", "recent-words", make("b", "", pageLink(page, who)), make("span", "recent-what", make("time", "", when(at)), what));
  const node = make("li", undone ? "recent-row undone" : "recent-row", icon(sign), words);
  if (undo) {
    const back = button("small-button", undo, icon("undo"), make("span", "", t("undo.do")));
    back.setAttribute("aria-label", t("recent.undo", { who, what }));
    node.append(back);
  }
  return node;
}
