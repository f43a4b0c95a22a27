// Amount, visitors, eco actions, what staff confirm: for whoever is scanned next, or for the person on the screen.
import { amountFields, amountIn, amountWords, partsWords, totalWords } from "./amount.js";
import { askAnother } from "./another.js";
import { numberOf } from "./codes.js";
import { button, byId, icon, make, show } from "./dom.js";
import { feel } from "./feedback.js";
import { askAmount, askVisitors, askWhich } from "./keypad.js";
import { offered } from "./session.js";
import { t } from "./words.js";

// What there is to choose from is the programme's.
const CHOICES = ["eco", "confirm"];
const choices = (what) => offered()?.[what] ?? [];
export const takesAmounts = () => offered()?.purchase !== null;
const SHEETS = {
  amount: (whose) => askAmount(amountFields(), t("amount.unit"), whose),
  visitors: askVisitors,
  ...Object.fromEntries(CHOICES.map((what) => [what, (whose) => askWhich(t(`${what}.title`), choices(what), whose)])),
};
// As a request takes them: an amount brings its own names.
const asSent = ({ amount, ...others }) => ({ ...amount, ...others });
// Who it was for has long gone: it is for nobody any more.
const FORGOTTEN_MS = 5 * 60_000;

export class Extras {
  #next = {};
  #person = null;
  #open = null; // what is being asked: {what, person, sheet, isUnasked}
  #isAsking = false; // whether a scan waits behind it
  #forget = 0;
  #add;
  #settled;

  // `add(person, extra)` adds to somebody, and gives whether it is done; `settled()` resolves when who
  // was scanned last is on the screen.
  constructor({ add, settled }) {
    this.#add = add;
    this.#settled = settled;
    for (const what of Object.keys(SHEETS)) byId(`add-${what}`).addEventListener("click", () => this.#ask(what));
    this.#draw();
  }

  // Whether the next scan brings anything along.
  get anything() { return Object.keys(this.#next).length > 0; }

  // What the next scan brings along; afterwards nothing is.
  take() {
    const taken = this.#next;
    this.#keep({});
    return asSent(taken);
  }

  // What a scan brought along that was for nobody, of the `body` it was sent with.
  putBack(body) {
    const brought = Object.keys(SHEETS).filter((what) => what in body).map((what) => [what, what === "amount" ? amountIn(body) : body[what]]);
    if (brought.length) this.#keep({ ...Object.fromEntries(brought), ...this.#next });
  }

  // From now on for that `person`, {item, answer, name}; null: for the next one.
  for(person) {
    this.#person = person;
    this.#draw();
  }

  // The programme may have been learned, or published, only now.
  refresh() { this.#draw(); }

  // Asks for the amount of whoever was scanned just now, as if it had been tapped; let go untouched, it
  // is in nobody's way.
  askAmount() { if (takesAmounts()) this.#ask("amount", { isUnasked: true }); }

  // Whether a scan may go on; its keys, which came since `since`, are given back. What is open for the
  // next one is for this one. What is open for somebody is asked about first, unless it is their card.
  async letsIn(code, since = Infinity) {
    if (this.#isAsking) return no();
    if (!this.#open) return true;
    const { what, person, sheet, isUnasked } = this.#open;
    sheet.giveBack(since);
    const value = sheet.value();
    if (person === null) {
      this.#shut();
      if (value !== null) this.#keep({ ...this.#next, [what]: value });
      return true;
    }
    const scanned = numberOf(code);
    if (scanned === person.answer.member.number) return no();
    if (isUnasked && value === null) {
      this.#shut();
      return true;
    }
    feel("warn");
    this.#isAsking = true;
    const choice = await askAnother({ name: person.name, scanned, what: t(`${what}.title`), words: value && this.#words(what, value) });
    this.#isAsking = false;
    if (choice === null) return false;
    this.#shut();
    return choice === "skip" || this.#add(person, asSent({ [what]: value }));
  }

  async #ask(what, { isUnasked = false } = {}) {
    await this.#settled();
    const person = this.#person;
    if (this.#open || (isUnasked && !person)) return;
    const open = { what, person, sheet: SHEETS[what](whose(person)), isUnasked };
    this.#open = open;
    const value = await open.sheet.answer;
    // A scan that came meanwhile has taken it, or let it go.
    if (this.#open !== open) return;
    this.#open = null;
    if (value === null) return;
    // Whoever was on the screen when it was asked is meant.
    if (person) await this.#add(person, asSent({ [what]: value }));
    else this.#keep({ ...this.#next, [what]: value });
  }

  #shut() {
    const { sheet } = this.#open;
    this.#open = null;
    sheet.close();
  }

  #keep(extras) {
    clearTimeout(this.#forget);
    this.#next = extras;
    if (Object.keys(extras).length) this.#forget = setTimeout(() => this.#keep({}), FORGOTTEN_MS);
    this.#draw();
  }

  #draw() {
    byId("add-title").textContent = whose(this.#person);
    for (const what of CHOICES) show(byId(`add-${what}`), choices(what).length > 0);
    show(byId("add-amount"), takesAmounts());
    const chips = Object.entries(this.#next).map(([what, value]) => this.#chip(what, value));
    byId("add-chips").replaceChildren(...chips);
    show(byId("pending"), chips.length > 0);
    byId("desk").toggleAttribute("data-pending", chips.length > 0);
  }

  #chip(what, value) {
    const words = this.#words(what, value);
    const parts = what === "amount" ? partsWords(value) : "";
    const said = parts ? [totalWords(value), make("small", "chip-parts", parts)] : [words];
    const chip = button("chip chosen", () => this.#drop(what), make("span", "", ...said), icon("close"));
    chip.setAttribute("aria-label", t("add.drop", { what: words }));
    return chip;
  }

  #drop(what) {
    const { [what]: _, ...rest } = this.#next;
    this.#keep(rest);
    byId(`add-${what}`).focus();
  }

  #words(what, value) {
    if (what === "amount") return amountWords(value);
    if (what === "visitors") return t("visitors.said", { count: value });
    const names = new Map(choices(what).map(({ id, name }) => [id, name]));
    return value.map((id) => names.get(id) ?? id).join("・");
  }
}

const whose = (person) => (person ? t("add.person", { name: person.name }) : t("add.next"));

function no() {
  feel("warn");
  return false;
}
