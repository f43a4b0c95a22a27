// Asking for a number with big keys: yen, or how many people came. Real keys work too.
import { button, byId } from "./dom.js";
import { number } from "./words.js";

const DIGITS_MAX = 7;
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", "⌫"];

// Opens the keypad; resolves with a whole number, or null if nothing was entered.
export function askAmount(title, unit) {
  const dialog = byId("keypad");
  const shown = byId("keypad-shown");
  let digits = "";

  const draw = () => { shown.textContent = digits ? number(Number(digits)) : "0"; };
  const press = (key) => {
    if (key === "⌫") digits = digits.slice(0, -1);
    else digits = (digits + key).replace(/^0+/, "").slice(0, DIGITS_MAX);
    draw();
  };
  byId("keypad-title").textContent = title;
  byId("keypad-unit").textContent = unit;
  byId("keypad-keys").replaceChildren(...KEYS.map((key) => keyButton(key, press)));
  draw();
  return opened(dialog, (event) => {
    const typed = event.key.normalize("NFKC");
    if (/^\d$/.test(typed)) press(typed);
    else if (typed === "Backspace") press("⌫");
    else return false;
    return true;
  }, () => Number(digits) || null);
}

function keyButton(key, press) {
  const node = button("key", () => press(key), key);
  if (key === "⌫") node.setAttribute("aria-label", byId("keypad").dataset.back);
  return node;
}

// Opens the dialog; resolves with `value()` when its form was sent, with null when it was closed.
export function opened(dialog, onKey, value) {
  return new Promise((resolve) => {
    const keys = (event) => { if (onKey(event)) event.preventDefault(); };
    const closed = () => {
      dialog.removeEventListener("keydown", keys);
      resolve(dialog.returnValue === "ok" ? value() : null);
    };
    dialog.returnValue = "";
    dialog.addEventListener("keydown", keys);
    dialog.addEventListener("close", closed, { once: true });
    dialog.showModal();
  });
}

// A stepper from 1 up; resolves with the number of people, or null.
export function askVisitors() {
  const dialog = byId("visitors");
  const shown = byId("visitors-shown");
  let count = 2;
  const step = (by) => { count = Math.min(50, Math.max(1, count + by)); shown.textContent = number(count); };
  byId("visitors-less").onclick = () => step(-1);
  byId("visitors-more").onclick = () => step(1);
  step(0);
  return opened(dialog, ({ key }) => {
    if (key === "ArrowUp") step(1);
    else if (key === "ArrowDown") step(-1);
    else return false;
    return true;
  }, () => count);
}

// Chips to choose from: eco actions, or what staff confirm; resolves with the chosen ids, or null.
export function askWhich(title, choices) {
  const chips = choices.map(({ id, name }) => {
    const chip = button("chip", () => chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true"), name);
    chip.dataset.id = id;
    chip.setAttribute("aria-pressed", choices.length === 1);
    return chip;
  });
  byId("which-title").textContent = title;
  byId("which-chips").replaceChildren(...chips);
  return opened(byId("which"), () => false, () => {
    const chosen = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.id);
    return chosen.length ? chosen : null;
  });
}
