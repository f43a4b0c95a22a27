// Amount, visitors, eco actions, what staff confirm: for whoever is scanned next, or for the person on the screen.
import { button, byId, icon, make, show } from "./dom.js";
import { askAmount, askVisitors, askWhich } from "./keypad.js";
import { offered } from "./session.js";
import { number, t } from "./words.js";

// What there is to choose from is the programme's.
const CHOICES = ["eco", "confirm"];
const choices = (what) => offered()?.[what] ?? [];

export class Extras {
  #next = {};
  #person = null;
  #add;

  // `add(extra)` adds to the person shown.
  constructor(add) {
    this.#add = add;
    byId("add-amount").addEventListener("click", () => this.#ask("amount", () => askAmount(t("amount.title"), t("amount.unit"))));
    byId("add-visitors").addEventListener("click", () => this.#ask("visitors", askVisitors));
    for (const what of CHOICES) byId(`add-${what}`).addEventListener("click", () => this.#ask(what, () => askWhich(t(`${what}.title`), choices(what))));
    this.#draw();
  }

  // What the next scan brings along; afterwards nothing is.
  take() {
    const taken = this.#next;
    this.#next = {};
    this.#draw();
    return taken;
  }

  // From now on for the person shown as `name`; null: for the next one.
  for(name) {
    this.#person = name;
    this.#draw();
  }

  // The programme may have been learned only now.
  refresh() { this.#draw(); }

  async #ask(what, dialog) {
    const person = this.#person;
    const value = await dialog();
    if (value === null) return;
    // Whoever was on the screen when it was asked is meant, or nobody any more.
    if (person !== null) {
      if (person === this.#person) await this.#add({ [what]: value });
      return;
    }
    this.#next = { ...this.#next, [what]: value };
    this.#draw();
  }

  #draw() {
    byId("add-title").textContent = this.#person === null ? t("add.next") : t("add.person", { name: this.#person });
    for (const what of CHOICES) show(byId(`add-${what}`), choices(what).length > 0);
    show(byId("add-amount"), offered()?.purchase !== null);
    const chips = Object.entries(this.#next).map(([what, value]) => this.#chip(what, value));
    byId("add-chips").replaceChildren(...chips);
    show(byId("add-chips"), chips.length > 0);
  }

  #chip(what, value) {
    const words = this.#words(what, value);
    const chip = button("chip chosen", () => this.#drop(what), make("span", "", words), icon("close"));
    chip.setAttribute("aria-label", t("add.drop", { what: words }));
    return chip;
  }

  #drop(what) {
    const { [what]: _, ...rest } = this.#next;
    this.#next = rest;
    this.#draw();
    byId(`add-${what}`).focus();
  }

  #words(what, value) {
    if (what === "amount") return t("amount.said", { amount: number(value) });
    if (what === "visitors") return t("visitors.said", { count: value });
    const names = new Map(choices(what).map(({ id, name }) => [id, name]));
    return value.map((id) => names.get(id) ?? id).join("・");
  }
}
