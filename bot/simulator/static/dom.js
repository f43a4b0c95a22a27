// Small helpers. Text from messages only ever becomes text nodes: nothing is parsed as HTML.
export const byId = (id) => document.getElementById(id);

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function button(className, label, onClick) {
  const node = make("button", className, label);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

export function icon(name) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS(node.namespaceURI, "use");
  use.setAttribute("href", `#i-${name}`);
  node.setAttribute("class", "ico");
  node.setAttribute("aria-hidden", "true");
  node.append(use);
  return node;
}

// A picture, if its address is one a browser may fetch.
export function picture(url, alt = "") {
  const node = document.createElement("img");
  node.alt = alt;
  if (/^(https?:\/\/|\/)/.test(url)) node.src = url;
  return node;
}

// Something that isn't a button but acts as one: by click, Enter and space.
export function makeTappable(node, act) {
  const once = (event) => { event.stopPropagation(); event.preventDefault(); act(); };
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.classList.add("tap");
  node.addEventListener("click", once);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") once(event); });
}

let hideToast;
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hideToast);
  hideToast = setTimeout(() => { node.hidden = true; }, 3500);
}

export async function attempt(work) {
  try { return await work(); } catch (error) { toast(error.message); return null; }
}

export function avatar(name, extra = "") {
  const hue = [...name].reduce((sum, char) => sum + char.codePointAt(0), 0) % 8;
  const node = make("span", `avatar h${hue} ${extra}`, [...name][0] || "？");
  node.setAttribute("aria-hidden", "true");
  return node;
}

for (const node of document.querySelectorAll("[data-close]")) node.addEventListener("click", () => node.closest("dialog").close());

const JAPAN = { timeZone: "Asia/Tokyo" };
const format = (options) => { const made = new Intl.DateTimeFormat("ja-JP", { ...JAPAN, ...options }); return (ms) => made.format(ms); };
export const clockOf = format({ hour: "2-digit", minute: "2-digit" });
export const dayOf = format({ month: "long", day: "numeric", weekday: "short" });
export const fullOf = format({ year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" });
export const shortOf = format({ month: "numeric", day: "numeric" });
// "2026-11-23T10:05" in Japan, as a datetime-local input wants it.
export const localOf = (ms) => new Date(ms + 9 * 3600_000).toISOString().slice(0, 16);
