// Small helpers. Text only ever becomes text nodes: nothing is parsed as HTML.
export const byId = (id) => document.getElementById(id);

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function button(className, onClick, ...children) {
  const node = make("button", className, ...children);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

// One of the signs in the page's sprite; words beside it say the same.
export function icon(name, className = "") {
  const node = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  node.setAttribute("class", `ico ${className}`);
  node.setAttribute("aria-hidden", "true");
  node.append(use);
  return node;
}

export const show = (node, visible) => { node.hidden = !visible; };
