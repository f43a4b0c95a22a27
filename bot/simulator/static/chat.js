// The chat: drawing what is new, quick replies, loading dots, failed webhooks.
import { avatar, button, byId, clockOf, dayOf, fullOf, make, picture } from "./dom.js";
import { drawLine, markDelivery, markRead } from "./lines.js";
import { change } from "./net.js";
import { perform } from "./perform.js";
import { botName, listen, reason, redeliver, session } from "./session.js";

const NEAR_END = 90;
let seen;

export function startChat() {
  seen = { after: "0", nodes: new Map(), day: "", lastFace: "", pending: [], marked: "0" };
  byId("log").replaceChildren();
  byId("quick").hidden = true;
  byId("webhook-alert").hidden = true;
}
export const lastShown = () => seen.after;

const log = byId("log");
const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
export const toEnd = () => { log.scrollTop = log.scrollHeight; };
new ResizeObserver(() => { if (seen?.atEnd) toEnd(); }).observe(log);
log.addEventListener("scroll", () => { seen.atEnd = isAtEnd(); });

export function showChat(state) {
  const wasAtEnd = isAtEnd();
  for (const line of state.lines) addLine(line);
  showLoading(state.loading);
  showDeliveries(state.deliveries);
  for (const [id, node] of seen.nodes) if (node.classList.contains("user")) markRead(node, BigInt(id) <= BigInt(state.read));
  if (state.lines.length && wasAtEnd) toEnd();
  markSeen();
}

function addLine(line) {
  if (seen.nodes.has(line.id)) return;
  if (dayOf(line.at) !== seen.day) {
    seen.day = dayOf(line.at);
    log.append(make("div", "day", seen.day));
    seen.lastFace = "";
  }
  dropPending(line);
  const node = drawLine(line, { tap: perform, showAvatar: seen.lastFace !== faceOf(line) });
  node.dataset.event = line.event ?? "";
  node.dataset.line = line.id;
  node.dataset.words = line.side === "bot" ? "" : (node.querySelector(".body") ?? node).textContent;
  log.append(node);
  // Pictures change heights as they load; stay at the end if we were there.
  for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => { if (seen.atEnd !== false) toEnd(); });
  seen.nodes.set(line.id, node);
  seen.after = line.id;
  seen.lastFace = faceOf(line);
  showQuick(line);
}

const faceOf = (line) => `${line.side} ${line.body.sender?.name ?? ""}`;

// A sent text shows at once; the stored line takes its place when it comes back.
listen("sent", ({ text, done }) => {
  const node = make("div", "line user pending", make("div", "meta", clockOf(session.world?.now ?? Date.now())), make("div", "body", make("div", "bubble", text)));
  seen.pending.push({ text, node });
  log.append(node);
  byId("quick").hidden = true;
  toEnd();
  done.then((ok) => { if (!ok) node.remove(); });
});
function dropPending(line) {
  const index = line.side === "user" ? seen.pending.findIndex(({ text }) => text === line.body.text) : -1;
  if (index < 0) return;
  seen.pending[index].node.remove();
  seen.pending.splice(index, 1);
}

function showLoading(isLoading) {
  const old = log.querySelector(".line.loading");
  if (!isLoading) { old?.remove(); return; }
  const node = old ?? make("div", "line bot loading", avatar(botName, "bot"), make("div", "bubble dots", make("i"), make("i"), make("i")));
  node.ariaLabel = "返信を準備しています";
  log.append(node);
  if (!old) toEnd();
}

function showQuick(line) {
  if (line.side === "note" || line.via === "sms") return;
  const items = line.side === "bot" ? line.body.quickReply?.items ?? [] : [];
  const quick = byId("quick");
  quick.hidden = !items.length;
  quick.replaceChildren(...items.map((item) => {
    const node = button("", item.action.label, () => { quick.hidden = true; perform(item.action); });
    if (item.imageUrl) node.prepend(picture(item.imageUrl));
    return node;
  }));
  quick.scrollLeft = 0;
}

function showDeliveries(deliveries) {
  for (const node of seen.nodes.values()) {
    const delivery = deliveries[node.dataset.event];
    if (delivery) markDelivery(node, delivery, () => redeliver(node.dataset.event));
  }
  const failed = Object.entries(deliveries).filter(([, delivery]) => !delivery.ok);
  const alert = byId("webhook-alert");
  const key = JSON.stringify(failed);
  alert.hidden = !failed.length;
  if (!failed.length || alert.dataset.key === key) return;
  alert.dataset.key = key;
  const [event, delivery] = failed.at(-1);
  const more = failed.length > 1 ? `（ほか${failed.length - 1}件）` : "";
  alert.replaceChildren(make("span", "", `「${wordsOf(event)}」がボットに届きませんでした: ${reason(delivery)}${more}`), button("small", "再送", () => redeliver(event)));
}

function wordsOf(event) {
  const node = [...seen.nodes.values()].find((one) => one.dataset.event === event);
  const words = node?.dataset.words || "イベント";
  return words.length > 16 ? `${words.slice(0, 15)}…` : words;
}

// After a journey through time: a line that says what came meanwhile.
export function addJourney({ departed, now, mine }) {
  const words = mine ? `${mine}通届きました` : "届いたものはありません";
  log.append(make("div", "journey", make("strong", "", `⏩ ${fullOf(now)}まで`), make("span", "", `${spanOf((now - departed) / 1000)}進みました ・ ${words}`)));
  toEnd();
}

export function spanOf(seconds) {
  const hours = Math.round(seconds / 3600);
  const days = Math.floor(hours / 24);
  const parts = [days ? `${days.toLocaleString()}日` : "", hours % 24 ? `${hours % 24}時間` : ""];
  return parts.join("") || `${Math.round(seconds / 60)}分`;
}

// Tell the list of talks that this one has been read.
function markSeen() {
  if (!session.person || seen.marked === seen.after || document.hidden) return;
  seen.marked = seen.after;
  change("/page/seen", { user: session.person.id, line: seen.after }).catch(() => {});
}
