// One field for a typed card number, told at once whether it can be one, and for names and phones.
import { Offline, post } from "./api.js";
import { cardNumber, isOurs, looksLikeNumber } from "./codes.js";
import { button, byId, make, show } from "./dom.js";
import { spaced } from "./result.js";
import { refusal, t } from "./words.js";

const PAUSE_MS = 250;
// A code that came into the field without keys, by a paste or a telephone's own scanner, is taken so
// long afterwards: later than a hand scanner's keys, whose code is out of the field by then.
const QUIET_MS = 900;

export class Find {
  #scanned;
  #timer = 0;
  #asked = 0;

  // `scanned(code, via)` for a number or a person that was chosen.
  constructor(scanned) {
    this.#scanned = scanned;
    const field = byId("find-field");
    field.addEventListener("input", () => this.#typed(field.value));
    byId("find").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#entered(field.value);
    });
  }

  #entered(text) {
    const number = cardNumber(text);
    if (number) this.#choose(number, "typed");
    // A hand scanner whose letters came in slowly, or a code that was pasted.
    else if (isOurs(text)) this.#choose(text, "keyboard");
    else if (!looksLikeNumber(text) && text.trim()) this.#search(text);
  }

  #choose(code, via) {
    byId("find-field").value = "";
    this.#say("");
    this.#list([]);
    this.#scanned(code, via);
  }

  #typed(text) {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (looksLikeNumber(text)) {
      this.#list([]);
      this.#say(cardNumber(text) ? t("find.number_ready") : refusal("mistyped").line);
      return;
    }
    this.#say("");
    const isCode = isOurs(text);
    const isShort = text.trim().length < 2;
    if (isCode || isShort) this.#list([]);
    if (isCode) this.#timer = setTimeout(() => { if (byId("find-field").value === text) this.#entered(text); }, QUIET_MS);
    else if (!isShort) this.#timer = setTimeout(() => this.#search(text), PAUSE_MS);
  }

  async #search(text) {
    clearTimeout(this.#timer);
    const mine = ++this.#asked;
    try {
      const { members } = await post("members", { q: text.trim() });
      if (mine !== this.#asked) return;
      this.#list(members);
      this.#say(members.length ? t("find.found", { count: members.length }) : t("find.nobody"));
    } catch (problem) {
      if (mine === this.#asked) this.#say(problem instanceof Offline ? t("find.offline") : refusal("signed_out").line);
    }
  }

  #list(members) {
    byId("found").replaceChildren(...members.map((member) => make("li", "", this.#person(member))));
    show(byId("found"), members.length > 0);
  }

  #person(member) {
    const last = member.last && t("find.last", { day: member.last });
    const detail = [member.kana, spaced(member.number), member.rank?.name, last, member.born, member.phone].filter(Boolean).map((part) => make("span", "", part));
    const words = make("span", "found-words", make("b", "", `${member.name || spaced(member.number)}`), make("span", "found-detail", ...detail));
    return button("found-person", () => this.#choose(member.number, "search"), words, make("span", "found-act", t("find.check_in")));
  }

  #say(words) {
    byId("find-said").textContent = words;
    show(byId("find-said"), Boolean(words));
  }
}
