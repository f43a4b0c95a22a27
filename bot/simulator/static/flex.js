// Flex containers, drawn by flex-render, which has LINE's own style sheet.
//
// flex-render turns JSON into an HTML string and escapes nothing, and it makes inline handlers and
// styles that our Content-Security-Policy forbids. So it gets a copy in which every text is
// escaped and every address and action is a number; and its HTML is only read: what is shown is
// built anew from a few known tags, classes and styles.
import { makeTappable } from "./dom.js";
import { render } from "./vendor/flex-render/index.js";

const TEXT_PX = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const PX = /^\d+(\.\d+)?px$/;
const HTML = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (char) => HTML[char]);
const isKeyword = (value) => /^[#\w.:% -]*$/.test(value);
const isFetchable = (url) => /^(https?:\/\/|\/)/.test(url);

// The copy for flex-render: `kept` holds the actions and addresses that its numbers stand for.
function prepared(part, parent, kept) {
  if (Array.isArray(part)) return part.map((one) => prepared(one, parent, kept));
  const copy = {};
  for (const [name, value] of Object.entries(part)) {
    if (value === null) continue;
    if (name === "text") copy.text = escaped(value);
    else if (name === "url" || name === "previewUrl") copy[name] = `kept:${kept.push(value) - 1}`;
    else if (name === "action") copy.action = { type: "uri", uri: `kept:${kept.push(value) - 1}`, label: escaped(value.label ?? "") };
    else if (typeof value === "object") copy[name] = prepared(value, part, kept);
    else if (typeof value !== "string" || isKeyword(value)) copy[name] = value;
  }
  return corrected(copy, parent);
}

// Where flex-render differs from LINE.
function corrected(part, parent) {
  const across = parent?.layout === "horizontal" || parent?.layout === "baseline";
  if (part.type === "box" && across && part.width && part.flex === undefined) part.flex = 0;
  if (part.type === "text" && PX.test(part.lineSpacing ?? "")) {
    const size = PX.test(part.size ?? "") ? parseFloat(part.size) : TEXT_PX[part.size ?? "md"];
    part.lineSpacing = `${size * 1.4 + parseFloat(part.lineSpacing)}px`;
  }
  if (part.type === "text" && part.contents?.length && part.action) {
    const { action, flex, margin, ...text } = part;
    return { type: "box", layout: "vertical", contents: [text], action, flex: flex ?? (across ? 1 : 0), margin };
  }
  return part;
}

const TAGS = new Set(["DIV", "P", "A", "SPAN"]);

// One node of flex-render's HTML, built anew. `data-style` is what was its style.
function built(source, kept, tap) {
  if (source.nodeType === Node.TEXT_NODE) return document.createTextNode(source.data);
  if (!TAGS.has(source.tagName)) return document.createTextNode("");
  const node = document.createElement(source.tagName);
  node.className = source.className;
  if (source.dir === "rtl" || source.dir === "ltr") node.dir = source.dir;
  for (const rule of (source.dataset.style ?? "").split(";")) {
    const at = rule.indexOf(":");
    if (at > 0) dress(node, rule.slice(0, at), rule.slice(at + 1), kept);
  }
  node.append(...[...source.childNodes].map((child) => built(child, kept, tap)));
  const action = numbered(source.getAttribute("href"), kept);
  if (action) tappable(node, action, tap);
  return node;
}

const numbered = (words, kept) => kept[words?.match(/kept:(\d+)/)?.[1]];

// Styles are set one by one: that needs no 'unsafe-inline'.
function dress(node, name, value, kept) {
  if (name !== "background-image") { node.style.setProperty(name, value); return; }
  const url = numbered(value, kept);
  if (url && isFetchable(url)) node.style.backgroundImage = `url(${JSON.stringify(url)})`;
}

function tappable(node, action, tap) {
  makeTappable(node, () => tap(action));
  const hasWords = node.textContent.trim() && !node.classList.contains("T1");
  if (!hasWords) node.ariaLabel = action.label || action.displayText || action.text || "開く";
}

// A node for a container; `tap(action)` is called for what is tapped in it.
export function drawFlex(container, tap) {
  const kept = [];
  const html = render(prepared(container, null, kept))
    .replaceAll(' style="', ' data-style="').replace(/ onclick="[^"]*"/g, "");
  const source = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const node = built(source, kept, tap);
  const bubbles = container.contents ?? [container];
  node.querySelectorAll(".T1").forEach((shown, index) => {
    if (bubbles[index].action) tappable(shown, bubbles[index].action, tap);
  });
  return node;
}
