// What this device had kept and has sent: each with what came of it, until somebody has read it. It is
// remembered by the page alone, as it names people.
import { byId, icon, make, show } from "./dom.js";
import { SIGN, spaced } from "./result.js";
import { onAnswer } from "./sync.js";
import { refusal, t, when } from "./words.js";

const ROWS_MAX = 100;

export class Synced {
  #rows = new Map();
  #isShown;

  // `isShown(id)`: whether the page shows that item's result by itself.
  constructor(isShown) {
    this.#isShown = isShown;
    byId("synced-clear").addEventListener("click", () => { this.#rows.clear(); this.#draw(); });
    onAnswer((item, answer) => this.#add(item, answer));
  }

  #add(item, answer) {
    const line = answer.line || (answer.result === "unknown" ? refusal("broken").line : "");
    // A campaign that was switched says so by itself.
    if (!line) return;
    this.#rows.set(item.id, { item, answer: { ...answer, line } });
    if (this.#rows.size > ROWS_MAX) this.#rows.delete(this.#rows.keys().next().value);
    this.#draw();
  }

  #draw() {
    const rows = [...this.#rows.values()];
    const isAlone = rows.length === 1 && this.#isShown(rows[0].item.id);
    byId("synced-title").textContent = t("synced.title", { count: rows.length });
    byId("synced-list").replaceChildren(...rows.map(row).reverse());
    show(byId("synced"), rows.length > 0 && !isAlone);
  }
}

function row({ item, answer }) {
  const number = answer.member?.number ?? item.number;
  const who = answer.member?.name || (number ? spaced(number) : t("recent.card"));
  const problem = (answer.added ?? []).every(({ done }) => done) && answer.tone !== "bad" ? "" : answer.next;
  const said = make("span", "recent-what", make("time", "", when(item.at)), [answer.line, problem].filter(Boolean).join(t("pause")));
  return make("li", `recent-row tone-${answer.tone}`, icon(SIGN[answer.tone] ?? "info"), make("span", "recent-words", make("b", "", who), said));
}
