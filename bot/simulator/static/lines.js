// One entry of the chat → one node.
import { avatar, button, clockOf, icon, make, picture } from "./dom.js";
import { drawFlex } from "./flex.js";
import { address } from "./net.js";
import { botName, reason } from "./session.js";

export const STICKERS = { 1988: "😄", 1989: "👍", 1990: "❤️", 1991: "🙏", 1992: "🎉", 1993: "😢", 1994: "☕", 1995: "💪" };
export const STICKER_PACKAGE = "446";

const MEMBERSHIP = { joined: "メンバーシップに参加しました", left: "メンバーシップを終えました", renewed: "メンバーシップを更新しました" };
const NOTES = {
  follow: () => "友だちになりました",
  unblock: () => "ブロックを解除しました",
  block: () => "ブロックしました",
  beacon: (body) => `ビーコンの近くに来ました（${body.hwid}）`,
  membership: (body) => `${MEMBERSHIP[body.what] ?? body.what}（${body.plan}）`,
  postback: (body) => {
    const { status, ...params } = body.params ?? {};
    if (status) return status === "SUCCESS" ? "メニューを切り替えました" : `メニューを切り替えられません（${status}）`;
    const chosen = Object.values(params).join(" ");
    return chosen ? `選択: ${chosen}` : "タップしました";
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

// LINE's own emoji are pictures that we don't have: each place in the text shows a plain one.
function withEmoji(body) {
  const chars = [...Array(body.text.length).keys()].map((at) => body.text[at]);
  for (const { index } of body.emojis ?? []) chars[index] = "🙂";
  return chars.join("");
}

// {name} of a text message v2 is a mention or an emoji.
function substituted(body) {
  return body.text.replace(/\{(\w+)\}/g, (whole, name) => {
    const what = body.substitution?.[name];
    if (!what) return whole;
    return what.type === "emoji" ? "🙂" : what.mentionee?.type === "all" ? "@All" : "@メンバー";
  });
}

const seconds = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.round(ms / 1000) % 60).padStart(2, "0")}`;

const draw = {
  text: (body, tap) => make("div", "bubble", ...linked(withEmoji(body), tap)),
  textV2: (body, tap) => make("div", "bubble", ...linked(substituted(body), tap)),
  sticker(body) {
    const node = make("div", "sticker", STICKERS[body.stickerId] ?? "🙂");
    node.title = `スタンプ ${body.packageId}/${body.stickerId}`;
    return node;
  },
  image(body, tap, line) {
    const url = line.side === "user" ? address(`/sent/${line.id}`) : body.previewImageUrl;
    const full = line.side === "user" ? url : body.originalContentUrl;
    const node = button("photo", "", () => tap({ type: "picture", url: full }));
    node.ariaLabel = "写真を大きく見る";
    node.append(picture(url));
    return node;
  },
  video(body, tap) {
    const node = button("photo video", "", () => tap({ type: "uri", uri: body.originalContentUrl }));
    node.append(picture(body.previewImageUrl), make("span", "play", icon("play")), make("small", "", "動画（別の画面で開きます）"));
    return node;
  },
  audio(body, tap) {
    const node = button("bubble audio", "", () => tap({ type: "uri", uri: body.originalContentUrl }));
    node.append(icon("play"), make("span", "wave"), make("span", "", seconds(body.duration)));
    node.ariaLabel = `音声 ${seconds(body.duration)}（別の画面で開きます）`;
    return node;
  },
  flex(body, tap) {
    const node = drawFlex(body.contents, tap);
    node.setAttribute("role", "group");
    node.ariaLabel = body.altText;
    return node;
  },
  location: (body) => make("div", "place", make("div", "map", icon("pin")), make("strong", "", body.title), make("span", "", body.address)),
  imagemap: drawImagemap,
  template(body, tap) {
    const { template } = body;
    const cards = template.columns ?? [template];
    const bubbles = cards.map((card) => templateBubble(card));
    return draw.flex({ altText: body.altText, contents: template.columns ? { type: "carousel", contents: bubbles } : bubbles[0] }, tap);
  },
  coupon: () => make("div", "bubble coupon", "🎟 クーポン"),
};

// LINE asks for the width that fits the phone; ours takes the largest.
function drawImagemap(body, tap) {
  const { width, height } = body.baseSize;
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  const node = make("div", "imagemap", picture(`${body.baseUrl}/${width}`, body.altText));
  node.style.aspectRatio = `${width} / ${height}`;
  for (const { area, ...action } of body.actions) {
    const target = button("", "", () => tap(action.linkUri ? { type: "uri", uri: action.linkUri } : action));
    target.ariaLabel = action.label || action.text || action.linkUri || body.altText;
    Object.assign(target.style, { left: percent(area.x, width), top: percent(area.y, height), width: percent(area.width, width), height: percent(area.height, height) });
    node.append(target);
  }
  return node;
}

// Templates look like simple Flex bubbles, so that is how they are drawn.
function templateBubble(card) {
  const text = (value, more) => ({ type: "text", text: value, wrap: true, ...more });
  const image = card.thumbnailImageUrl ?? card.imageUrl;
  const actions = card.actions ?? [card.action];
  const contents = [card.title && text(card.title, { weight: "bold" }), card.text && text(card.text, { size: "sm" })].filter(Boolean);
  return {
    type: "bubble", size: "kilo",
    ...(image ? { hero: { type: "image", url: image, size: "full", aspectRatio: card.imageUrl ? "1:1" : "151:100", aspectMode: "cover" } } : {}),
    ...(contents.length ? { body: { type: "box", layout: "vertical", spacing: "sm", contents } } : {}),
    footer: { type: "box", layout: card.type === "confirm" ? "horizontal" : "vertical", contents: actions.map((action) => ({ type: "button", height: "sm", action: { label: "　", ...action } })) },
  };
}

const other = (body) => make("div", "bubble", `［${body.altText ?? body.type}］`);
const WIDE = ["flex", "template", "imagemap"];

function face(line, showAvatar) {
  const sender = line.body.sender ?? {};
  const node = avatar(sender.name ?? botName, showAvatar ? "bot" : "bot same");
  if (sender.iconUrl) node.replaceChildren(picture(sender.iconUrl));
  return node;
}

// An SMS comes to the same phone, not by LINE.
function drawSms(line, tap) {
  const head = make("div", "sms-head", make("span", "", "💬 SMS"), make("span", "", clockOf(line.at)));
  return make("div", "line sms", make("div", "sms-card", head, make("p", "", ...linked(line.body.text, tap))));
}

// `tap(action)` is called for what is tapped; `showAvatar` unless the bot spoke just before.
export function drawLine(line, { tap, showAvatar }) {
  if (line.via === "sms") return drawSms(line, tap);
  if (line.side === "note") return make("div", "note", (NOTES[line.body.kind] ?? (() => line.body.kind))(line.body));
  const content = (draw[line.body.type] ?? other)(line.body, tap, line);
  const meta = make("div", "meta", make("span", "read"), make("span", "", clockOf(line.at)));
  const node = make("div", `line ${line.side}${WIDE.includes(line.body.type) ? " wide" : ""}`);
  if (line.side === "user") { node.append(meta, make("div", "body", content)); return node; }
  const name = line.body.sender?.name;
  const body = make("div", "body", ...(name && showAvatar ? [make("span", "sender", name)] : []), content);
  node.append(face(line, showAvatar), body, meta);
  if (line.via !== "reply") { meta.firstChild.textContent = "配信"; meta.firstChild.title = "こちらから送ったメッセージ（通数に数えます）"; }
  return node;
}

// Say beside a customer's line that the shop has read it: what a person is to answer stays unread.
export function markRead(node, read) {
  const place = node.querySelector(".read");
  if (place && !place.querySelector(".failed")) place.textContent = read ? "既読" : "";
}

// Say beside a customer's line if the bot did not get it, and offer to send it again.
export function markDelivery(node, delivery, again) {
  const isNote = node.classList.contains("note");
  const place = isNote ? node : node.querySelector(".read");
  const key = JSON.stringify(delivery);
  if (!place || node.dataset.delivery === key) return;
  node.dataset.delivery = key;
  place.querySelector(".failed")?.remove();
  if (delivery.ok) { if (!isNote) place.textContent = ""; return; }
  if (!isNote) place.textContent = "";
  place.append(button("failed", `⚠ ${reason(delivery)} ・再送`, again));
}
