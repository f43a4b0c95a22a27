// Flex containers drawn with CSS flexbox, which LINE's layout is defined by.
import { button, make, picture } from "./dom.js";

const STEP = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const BORDER = { none: 0, light: .5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const TEXT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const IMAGE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220, full: "100%" };
const ALIGN = { start: "flex-start", center: "center", end: "flex-end" };
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };
const BLOCKS = ["header", "hero", "body", "footer"];

// A keyword of a table, or pixels or per cent as they are; undefined for anything else.
function size(value, table) {
  if (value === undefined || value === null) return undefined;
  if (Object.hasOwn(table, value)) return typeof table[value] === "number" ? `${table[value]}px` : table[value];
  return /^-?\d+(\.\d+)?(px|%)$/.test(value) ? value : undefined;
}
const colour = (value) => (/^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(value || "") ? value : undefined);
const ratio = (value) => (/^\d+(\.\d+)?:\d+(\.\d+)?$/.test(value || "") ? value.replace(":", " / ") : undefined);

function style(node, values) {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) node.style[name] = value;
}

function tappable(node, action, tap) {
  if (!action) return node;
  node.classList.add("tap");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  const act = (event) => { event.stopPropagation(); tap(action); };
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") act(event); });
  return node;
}

function letters(node, part) {
  style(node, {
    fontSize: size(part.size, TEXT), color: colour(part.color),
    fontWeight: part.weight === "bold" ? "700" : part.weight === "regular" ? "400" : undefined,
    fontStyle: part.style === "italic" ? "italic" : undefined,
    textDecoration: part.decoration && part.decoration !== "none" ? part.decoration : undefined,
  });
}

// Where a part stands in its parent: its share, its margin, its offsets.
function place(node, part, parent, isFirst) {
  const across = parent.layout !== "vertical";
  const fixed = part.type === "icon" || part.type === "separator" || (across && part.type === "box" && (part.width || part.height));
  const share = part.flex ?? (across && !fixed ? 1 : 0);
  const margin = size(part.margin, STEP) ?? (isFirst || part.type === "filler" ? undefined : size(parent.spacing, STEP));
  style(node, {
    flex: share > 0 ? `${share} 0 ${across ? "0" : "auto"}` : "0 0 auto",
    [across ? "marginInlineStart" : "marginTop"]: margin,
    position: part.position === "absolute" ? "absolute" : undefined,
    top: size(part.offsetTop, STEP), bottom: size(part.offsetBottom, STEP),
    insetInlineStart: size(part.offsetStart, STEP), insetInlineEnd: size(part.offsetEnd, STEP),
    alignSelf: across && parent.layout !== "baseline" ? GRAVITY[part.gravity] : undefined,
  });
  if (part.offsetTop || part.offsetBottom || part.offsetStart || part.offsetEnd) node.style.position ||= "relative";
  if (across && share === 0 && part.type === "text") node.style.maxWidth = "100%";
  if (!across && part.gravity === "center") style(node, { marginTop: "auto", marginBottom: "auto" });
  if (!across && part.gravity === "bottom") style(node, { marginTop: "auto" });
}

const background = (value) => {
  if (value?.type !== "linearGradient" || !/^\d+(\.\d+)?deg$/.test(value.angle)) return undefined;
  const stops = [colour(value.startColor), colour(value.endColor)];
  if (colour(value.centerColor)) stops.splice(1, 0, `${value.centerColor} ${size(value.centerPosition, {}) ?? "50%"}`);
  return `linear-gradient(${value.angle}, ${stops.join(", ")})`;
};

const draw = {
  box(part, tap) {
    const node = make("div", `fx-box fx-${part.layout}`);
    const pad = { ...STEP };
    style(node, {
      backgroundColor: colour(part.backgroundColor), backgroundImage: background(part.background),
      borderColor: colour(part.borderColor), borderWidth: size(part.borderWidth, BORDER),
      borderRadius: size(part.cornerRadius, STEP),
      width: size(part.width, {}), maxWidth: size(part.maxWidth, {}),
      height: size(part.height, {}), maxHeight: size(part.maxHeight, {}),
      padding: size(part.paddingAll, pad), paddingTop: size(part.paddingTop, pad), paddingBottom: size(part.paddingBottom, pad),
      paddingInlineStart: size(part.paddingStart, pad), paddingInlineEnd: size(part.paddingEnd, pad),
      justifyContent: part.justifyContent, alignItems: part.alignItems,
    });
    part.contents.forEach((child, index) => {
      const drawn = draw[child.type]?.(child, tap);
      if (!drawn) return;
      place(drawn, child, part, index === 0);
      node.append(drawn);
    });
    return tappable(node, part.action, tap);
  },
  text(part, tap) {
    const node = make("div", `fx-text${part.wrap ? " wrap" : ""}`);
    letters(node, part);
    style(node, { textAlign: part.align, lineHeight: part.lineSpacing ? `calc(1.4em + ${size(part.lineSpacing, {})})` : undefined });
    if (part.wrap && part.maxLines) { node.classList.add("clamp"); node.style.webkitLineClamp = String(part.maxLines); }
    if (part.contents?.length) node.append(...part.contents.map((span) => draw.span(span)));
    else node.textContent = part.text ?? "";
    return tappable(node, part.action, tap);
  },
  span(part) {
    const node = make("span", "", part.text ?? "");
    letters(node, part);
    return node;
  },
  image(part, tap) {
    const frame = make("div", `fx-frame${part.aspectMode === "cover" ? " cover" : ""}`, picture(part.url));
    style(frame, { width: size(part.size ?? "md", IMAGE), aspectRatio: ratio(part.aspectRatio), backgroundColor: colour(part.backgroundColor) });
    const node = make("div", "fx-image", frame);
    style(node, { justifyContent: ALIGN[part.align] });
    return tappable(node, part.action, tap);
  },
  video: (part, tap) => draw[part.altContent.type](part.altContent, tap),
  icon(part) {
    const node = picture(part.url);
    node.className = "fx-icon";
    style(node, { fontSize: size(part.size ?? "md", TEXT), aspectRatio: ratio(part.aspectRatio) });
    return node;
  },
  button(part, tap) {
    const kind = part.style ?? "link";
    const node = button(`fx-button ${kind} ${part.height ?? "md"}`, part.action.label ?? "", () => tap(part.action));
    style(node, { [kind === "link" ? "color" : "backgroundColor"]: colour(part.color) });
    return node;
  },
  separator(part) {
    const node = make("div", "fx-separator");
    style(node, { backgroundColor: colour(part.color) });
    return node;
  },
  filler: () => make("div"),
};

function block(bubble, name, isFirst, tap) {
  const node = make("div", `fx-block fx-${name}`);
  const drawn = draw[bubble[name].type](bubble[name], tap);
  if (drawn) node.append(drawn);
  const look = bubble.styles?.[name];
  style(node, { backgroundColor: colour(look?.backgroundColor) });
  if (look?.separator && !isFirst) { node.classList.add("ruled"); style(node, { borderTopColor: colour(look.separatorColor) }); }
  return node;
}

function drawBubble(bubble, tap) {
  const node = make("div", `fx-bubble fx-${bubble.size ?? "mega"}`);
  if (bubble.direction === "rtl") node.dir = "rtl";
  const present = BLOCKS.filter((name) => bubble[name]);
  node.append(...present.map((name, index) => block(bubble, name, index === 0, tap)));
  return tappable(node, bubble.action, tap);
}

// Draw a container; `tap(action)` is called for whatever is tapped in it.
export function drawFlex(container, tap) {
  if (container.type === "bubble") return drawBubble(container, tap);
  return make("div", "flex-carousel", ...container.contents.map((bubble) => drawBubble(bubble, tap)));
}
