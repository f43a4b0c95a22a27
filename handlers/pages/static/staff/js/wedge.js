// A hand scanner is a keyboard that types fast and presses Enter, wherever on the page one is.
import { cardNumber, isOurs, scanned } from "./codes.js";

const GAP_MS_MAX = 120;
const MEAN_MS_MAX = 60;
const LENGTH_MIN = 8;
// So many letters in a row, or one of our codes, nobody types by hand: a slow or stuttering scanner is
// one all the same, and one that presses nothing at the end is done when it is quiet.
const LENGTH_SURE = 100;
const STUTTER_MS_MAX = 500;
const QUIET_MS = 700;

// Where a keyboard has brackets, one of which begins what says of which kind a code is.
const BRACKET = /^(?:Bracket|Backslash|Intl)/;

// What a key types. With a Japanese IME on, or kana on the keys, only the key's place tells.
export function letterOf({ key, code = "", isComposing }) {
  const typed = key.normalize("NFKC");
  if (/^[ -~]$/.test(typed)) return typed;
  const isUnsaid = key === "Process" || isComposing;
  if (key.length !== 1 && !isUnsaid) return "";
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(code);
  if (place) return place[1] ?? place[2];
  if (isUnsaid) return BRACKET.test(code) ? "]" : "";
  return key;
}

const isEnd = (event) => ["Enter", "NumpadEnter", "Tab"].includes(event.code || event.key) || event.key === "Enter";

// Tells keys that come too fast for fingers. `take(key event)` gives the code at its end, or "".
export class Wedge {
  #run = "";
  #all = "";
  #first = 0;
  #firstOfAll = 0;
  #last = 0;
  #inField = false;
  // When the first key of the code came that was given last.
  since = 0;

  take(event) {
    const now = event.timeStamp;
    const gap = now - this.#last;
    if (gap > GAP_MS_MAX) this.#run = "";
    if (gap > STUTTER_MS_MAX) this.#all = "";
    this.#last = now;
    if (isEnd(event)) return this.#end();
    const letter = letterOf(event);
    if (!letter) return "";
    if (!this.#run) this.#first = now;
    if (!this.#all) this.#firstOfAll = now;
    this.#inField = isField(event.target);
    this.#run += letter;
    this.#all += letter;
    return "";
  }

  // The code of a scanner that ends with nothing.
  quiet() { return this.#end(); }

  #end() {
    const [run, all] = [this.#run, this.#all];
    [this.#run, this.#all] = ["", ""];
    // What was typed by hand right before is no part of it.
    const isWhole = isOurs(run);
    const isSure = !isWhole && (all.length >= LENGTH_SURE || isOurs(all));
    this.since = isSure ? this.#firstOfAll : this.#first;
    if (isWhole) return run;
    if (isSure) return all;
    const mean = (this.#last - this.#first) / Math.max(1, run.length);
    // Where no field takes it nobody types a card's number, least of all as an amount.
    const isCard = !this.#inField && cardNumber(scanned(run)) !== null;
    return isCard || (run.length >= LENGTH_MIN && mean <= MEAN_MS_MAX) ? run : "";
  }
}

const isField = (node) => node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;

// Calls `take(code, since)`, with the moment of its first key; a field that was being typed into
// doesn't keep the scanner's letters.
export function listenToWedge(take) {
  const wedge = new Wedge();
  let quiet;
  let field = null;
  let before = "";
  let lastAt = 0;

  const done = (code) => {
    if (field && field.isConnected) field.value = before;
    field = null;
    take(code, wedge.since);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = isField(event.target) ? event.target : null;
    if (target !== field || event.timeStamp - lastAt > STUTTER_MS_MAX) {
      field = target;
      before = target ? target.value : "";
    }
    lastAt = event.timeStamp;
    const code = wedge.take(event);
    clearTimeout(quiet);
    if (code) {
      event.preventDefault();
      event.stopPropagation();
      done(code);
    } else {
      quiet = setTimeout(() => { const late = wedge.quiet(); if (late) done(late); }, QUIET_MS);
    }
  }, { capture: true });
}
