// One entry of the chat → one node.
import { avatar, button, clockOf, make, picture } from "./dom.js";
import { drawFlex } from "./flex.js";
import { address } from "./net.js";

export const STICKERS = { 1988: "😄", 1989: "👍", 1990: "❤️", 1991: "🙏", 1992: "🎉", 1993: "😢", 1994: "☕", 1995: "💪" };
export const STICKER_PACKAGE = "446";

const NOTES = {
  follow: () => "友だち追加しました",
  unblock: () => "ブロックを解除しました",
  block: () => "ブロックしました",
  beacon: (body) => `ビーコンの近くに来ました (${body.hwid})`,
  postback: (body) => {
    const chosen = Object.values(body.params ?? {}).join(" ");
    return chosen ? `選択: ${chosen}` : `タップ: ${body.data}`;
  },
};

// Text with its links made tappable.
function linked(text, tap) {
  const parts = text.split(/(https?:\/\/[^\s「」（）<>"]+)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const link = make("a", "", part);
    link.href = part;
    link.rel = "noopener noreferrer";
    link.addEventListener("click", (event) => { event.preventDefault(); tap({ type: "uri", uri: part }); });
    return link;
  });
}

const draw = {
  text: (body, tap) => make("div", "bubble", ...linked(body.text, tap)),
  textV2: (body, tap) => draw.text(body, tap),
  sticker: (body) => make("div", "sticker", STICKERS[body.stickerId] ?? "🙂"),
  image(body, tap, line) {
    const url = line.side === "user" ? address(`/sent/${line.id}`) : body.previewImageUrl;
    const full = line.side === "user" ? url : body.originalContentUrl;
    return button("photo", picture(url, "画像"), () => tap({ type: "uri", uri: new URL(full, location.href).href }));
  },
  flex: (body, tap) => drawFlex(body.contents, tap),
  location: (body) => make("div", "place", make("strong", "", `📍 ${body.title}`), body.address),
  template(body, tap) {
    const { template } = body;
    const cards = template.columns ?? [template];
    const bubbles = cards.map((card) => templateBubble(card));
    return drawFlex(bubbles.length === 1 ? bubbles[0] : { type: "carousel", contents: bubbles }, tap);
  },
};

// Templates look like simple Flex bubbles, so that is how they are drawn.
function templateBubble(card) {
  const text = (value, more) => ({ type: "text", text: value, wrap: true, ...more });
  const image = card.thumbnailImageUrl ?? card.imageUrl;
  const actions = card.actions ?? [card.action];
  const contents = [card.title && text(card.title, { weight: "bold" }), card.text && text(card.text, { size: "sm" })].filter(Boolean);
  return {
    type: "bubble", size: "kilo",
    ...(image ? { hero: { type: "image", url: image, size: "full", aspectRatio: "151:100", aspectMode: "cover" } } : {}),
    ...(contents.length ? { body: { type: "box", layout: "vertical", spacing: "sm", contents } } : {}),
    footer: { type: "box", layout: "vertical", contents: actions.map((action) => ({ type: "button", height: "sm", action })) },
  };
}

const other = (body) => make("div", "bubble", `［${body.altText ?? body.type}］`);
const isWide = (body) => body.type === "flex" || body.type === "template";

// `botName` for the avatar; `tap(action)` for what is tapped; `showAvatar` unless the bot spoke just before.
export function drawLine(line, { botName, tap, showAvatar }) {
  if (line.side === "note") return make("div", "note", (NOTES[line.body.kind] ?? (() => line.body.kind))(line.body));
  const content = (draw[line.body.type] ?? other)(line.body, tap, line);
  const meta = make("div", "meta", make("span", "read"), make("span", "", clockOf(line.at)));
  const node = make("div", `line ${line.side}${isWide(line.body) ? " wide" : ""}`);
  if (line.side === "user") node.append(meta, make("div", "body", content));
  else {
    const face = avatar(line.body.sender?.name ?? botName, showAvatar ? "bot" : "bot same");
    node.append(face, make("div", "body", content), meta);
    if (line.via !== "reply") meta.firstChild.textContent = "配信";
  }
  return node;
}

// Say under a customer's line whether the bot got it; offer to send it again if not.
export function markDelivery(node, delivery, again) {
  const isNote = node.classList.contains("note");
  const place = isNote ? node : node.querySelector(".read");
  if (!place) return;
  const key = JSON.stringify(delivery);
  if (node.dataset.delivery === key) return;
  node.dataset.delivery = key;
  place.querySelector(".failed")?.remove();
  if (delivery.ok) { if (!isNote) place.textContent = "既読"; return; }
  if (!isNote) place.textContent = "";
  place.append(isNote ? make("span", "failed", `⚠ ${reason(delivery)}`) : button("failed", `⚠ ${reason(delivery)} ・再送`, again));
}

export function reason(delivery) {
  if (delivery.error === "REQUEST_TIMEOUT") return "2秒以内に応答なし";
  if (delivery.error === "COULD_NOT_CONNECT") return "接続できません";
  return `応答 ${delivery.status}`;
}
