// Asking for a number with big keys: yen, or how many people came. Real keys work too.
import { button, byId, make, show } from "./dom.js";
import { number, t } from "./words.js";

const DIGITS_MAX = 7;
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", "⌫"];

// Opens the keypad, which says `whose` amount it is, for the first of `fields`, [{id, title}], and for the
// others where they are chosen; {[id]: figure} of those that were entered, or null where the first wasn't.
export function askAmount(fields, unit, whose) {
  const shown = byId("keypad-shown");
  const before = []; // what stood there before each real key: [its moment, figures]
  const [first] = fields;
  let figures = {};
  let field = first;

  const entered = ({ id }) => Number(figures[id] ?? "");
  const tabs = fields.map((one) => button("part", () => choose(one)));
  const draw = () => {
    shown.textContent = number(entered(field));
    fields.forEach((one, n) => {
      tabs[n].replaceChildren(make("span", "", ...unbroken(one.title)), make("b", "", t("amount.said", { amount: number(entered(one)) })));
      tabs[n].setAttribute("aria-pressed", one === field);
    });
  };
  const choose = (one) => { field = one; draw(); };
  const press = (key) => {
    const digits = figures[field.id] ?? "";
    const now = key === "⌫" ? digits.slice(0, -1) : (digits + key).replace(/^0+/, "").slice(0, DIGITS_MAX);
    figures = { ...figures, [field.id]: now };
    draw();
  };
  byId("keypad-title").textContent = first.title;
  byId("keypad-unit").textContent = unit;
  byId("keypad-parts").replaceChildren(...tabs);
  show(byId("keypad-parts"), fields.length > 1);
  byId("keypad-keys").replaceChildren(...KEYS.map((key) => keyButton(key, press)));
  draw();
  const onKey = (event) => {
    const typed = event.key.normalize("NFKC");
    if (!/^\d$/.test(typed) && typed !== "Backspace") return false;
    before.push([event.timeStamp, figures]);
    press(typed === "Backspace" ? "⌫" : typed);
    return true;
  };
  const giveBack = (since) => {
    figures = before.find(([at]) => at >= since)?.[1] ?? figures;
    draw();
  };
  const value = () => {
    const given = fields.filter(entered).map((one) => [one.id, entered(one)]);
    return entered(first) ? Object.fromEntries(given) : null;
  };
  return opened(byId("keypad"), { onKey, giveBack, whose, value });
}

// The title with a break allowed between its words, and nowhere in them.
function unbroken(title) {
  if (!Intl.Segmenter) return [title];
  const words = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(title);
  return [...words].flatMap(({ segment }) => [make("wbr"), segment]);
}

function keyButton(key, press) {
  const node = button("key", () => press(key), key);
  if (key === "⌫") node.setAttribute("aria-label", byId("keypad").dataset.back);
  return node;
}

// Opens the dialog as a sheet: `answer` resolves with `value()` when its form was sent, with null when
// it was closed; `giveBack(since)` takes back the keys that came since that moment.
export function opened(dialog, { value, onKey = () => false, giveBack = () => {}, whose = "" }) {
  const keys = (event) => { if (onKey(event)) event.preventDefault(); };
  const said = dialog.querySelector(".whose");
  if (said) said.textContent = whose;
  dialog.returnValue = "";
  dialog.addEventListener("keydown", keys);
  dialog.showModal();
  const answer = new Promise((resolve) => {
    // The dialog's own "close" comes only with the next frame, and a scan may come before that.
    const closing = new MutationObserver(() => {
      closing.disconnect();
      dialog.removeEventListener("keydown", keys);
      resolve(dialog.returnValue === "ok" ? value() : null);
    });
    closing.observe(dialog, { attributeFilter: ["open"] });
  });
  return { answer, value, giveBack, close: () => dialog.close("") };
}

// A stepper from 1 up: the number of people, or null.
export function askVisitors(whose) {
  const shown = byId("visitors-shown");
  let count = 2;
  const step = (by) => { count = Math.min(50, Math.max(1, count + by)); shown.textContent = number(count); };
  byId("visitors-less").onclick = () => step(-1);
  byId("visitors-more").onclick = () => step(1);
  step(0);
  const onKey = ({ key }) => {
    if (key === "ArrowUp") step(1);
    else if (key === "ArrowDown") step(-1);
    else return false;
    return true;
  };
  return opened(byId("visitors"), { onKey, whose, value: () => count });
}

// Chips to choose from: eco actions, or what staff confirm: the chosen ids, or null.
export function askWhich(title, choices, whose) {
  const chips = choices.map(({ id, name }) => {
    const chip = button("chip", () => chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true"), name);
    chip.dataset.id = id;
    chip.setAttribute("aria-pressed", choices.length === 1);
    return chip;
  });
  byId("which-title").textContent = title;
  byId("which-chips").replaceChildren(...chips);
  const value = () => {
    const chosen = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.id);
    return chosen.length ? chosen : null;
  };
  return opened(byId("which"), { whose, value });
}
