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

// A picture, if its address is one a browser may fetch.
export function picture(url, alt = "") {
  const node = document.createElement("img");
  node.alt = alt;
  node.loading = "lazy";
  if (/^https?:\/\//.test(url) || url.startsWith("/")) node.src = url;
  return node;
}

let hideToast;
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hideToast);
  hideToast = setTimeout(() => { node.hidden = true; }, 3500);
}

export function avatar(name, extra = "") {
  const hue = [...name].reduce((sum, char) => sum + char.codePointAt(0), 0) % 8;
  return make("span", `avatar h${hue} ${extra}`, [...name][0] || "？");
}

const JAPAN = { timeZone: "Asia/Tokyo" };
const clock = new Intl.DateTimeFormat("ja-JP", { ...JAPAN, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("ja-JP", { ...JAPAN, month: "long", day: "numeric", weekday: "short" });
const full = new Intl.DateTimeFormat("ja-JP", { ...JAPAN, year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" });
export const clockOf = (ms) => clock.format(ms);
export const dayOf = (ms) => day.format(ms);
export const fullOf = (ms) => full.format(ms);
// "2026-11-23T10:05" in Japan, as a datetime-local input wants it.
export const localOf = (ms) => new Date(ms + 9 * 3600_000).toISOString().slice(0, 16);
