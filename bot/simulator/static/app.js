// The page: who is played, what they see, and what they do.
import { avatar, button, byId, clockOf, dayOf, fullOf, localOf, make, picture, toast } from "./dom.js";
import { drawLine, markDelivery, reason, STICKER_PACKAGE, STICKERS } from "./lines.js";
import { address, change, read } from "./net.js";

const POLL_MS = 1500;
const SOON_MS = [120, 250, 400, 600, 900]; // after an act, look more often for the answer
const LAST = "simulator.person";
const botName = document.querySelector(".phone-head strong").textContent;

let person = null;      // {id, name, language, status}
let draft = document.body.dataset.draft || "";
let seen;               // what is drawn of the current chat
let world = null;

function startChat() {
  seen = { after: "0", nodes: new Map(), texts: new Map(), day: "", lastSide: "", quickOf: null, pending: [], menu: undefined };
  byId("log").replaceChildren();
  byId("quick").hidden = true;
}

// Reading.

let polling = false;
let timer;
async function poll() {
  clearTimeout(timer);
  if (polling) return;
  polling = true;
  const asked = person?.id;
  try {
    const state = await read(`/page/state?user=${asked ?? ""}&after=${seen.after}`);
    showWorld(state.world);
    if (state.person && asked === person?.id) showChat(state);
  } catch {
    // The server may be restarting: the next turn tries again.
  } finally {
    polling = false;
    timer = setTimeout(() => { if (!document.hidden) poll(); }, POLL_MS);
  }
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
function pollSoon() { for (const ms of SOON_MS) setTimeout(poll, ms); }

function showWorld(next) {
  world = next;
  byId("now").textContent = fullOf(world.now);
  byId("ahead").hidden = world.ahead < 60;
  byId("ahead").textContent = `実時間より +${spanOf(world.ahead)}`;
  byId("quota").textContent = world.plan === null ? `${world.used.toLocaleString()} 通` : `${world.used.toLocaleString()} / ${world.plan.toLocaleString()} 通`;
  const share = world.plan ? Math.min(100, (100 * world.used) / world.plan) : world.plan === 0 ? 100 : 0;
  byId("quota-bar").style.width = `${share}%`;
  byId("quota-bar").classList.toggle("full", share >= 100);
  const plan = byId("plan-limit");
  if (document.activeElement !== plan) plan.value = world.plan === null ? "none" : String(world.plan);
  if (!byId("travel-to").value) byId("travel-to").value = localOf(world.now + 86400_000);
  byId("travel-to").min = localOf(world.now);
}

function spanOf(seconds) {
  const hours = Math.round(seconds / 3600);
  const days = Math.floor(hours / 24);
  const parts = [days ? `${days.toLocaleString()}日` : "", hours % 24 ? `${hours % 24}時間` : ""];
  return parts.join("") || `${Math.round(seconds / 60)}分`;
}

function showChat(state) {
  showPerson(state.person);
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const line of state.lines) addLine(line);
  showLoading(state.loading);
  showDeliveries(state.deliveries);
  showMenu(state.menu);
  if (state.lines.length && atEnd) log.scrollTop = log.scrollHeight;
}

function addLine(line) {
  if (seen.nodes.has(line.id)) return;
  const log = byId("log");
  if (dayOf(line.at) !== seen.day) {
    seen.day = dayOf(line.at);
    log.append(make("div", "day", seen.day));
    seen.lastSide = "";
  }
  dropPending(line);
  const node = drawLine(line, { botName, tap: perform, showAvatar: seen.lastSide !== "bot" });
  node.dataset.event = line.event ?? "";
  node.dataset.words = line.side === "bot" ? "" : (node.querySelector(".body") ?? node).textContent;
  log.append(node);
  // Pictures change heights as they load; stay at the end if we were there.
  for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < 420) log.scrollTop = log.scrollHeight; });
  seen.nodes.set(line.id, node);
  seen.after = line.id;
  seen.lastSide = line.side;
  showQuick(line);
}

function showLoading(isLoading) {
  const old = document.querySelector(".line.loading");
  if (!isLoading) { old?.remove(); return; }
  const node = old ?? make("div", "line bot loading", avatar(botName, "bot"), make("div", "bubble dots", make("i"), make("i"), make("i")));
  byId("log").append(node);
  if (!old) byId("log").scrollTop = byId("log").scrollHeight;
}

function showDeliveries(deliveries) {
  const failed = [];
  for (const node of seen.nodes.values()) {
    const delivery = deliveries[node.dataset.event];
    if (delivery) markDelivery(node, delivery, () => redeliver(node.dataset.event));
  }
  for (const [event, delivery] of Object.entries(deliveries)) if (!delivery.ok) failed.push([event, delivery]);
  byId("failing").hidden = !failed.length;
  byId("failures").replaceChildren(...failed.map(([event, delivery]) => make("li", "", make("span", "what", `${eventWords(event)} — ${reason(delivery)}`), button("small", "再送する", () => redeliver(event)))));
}

function eventWords(event) {
  const node = [...seen.nodes.values()].find((one) => one.dataset.event === event);
  const words = node?.dataset.words || "イベント";
  return words.length > 16 ? `${words.slice(0, 15)}…` : words;
}

function showQuick(line) {
  if (line.side === "note") return;
  const items = line.side === "bot" ? line.body.quickReply?.items ?? [] : [];
  const quick = byId("quick");
  quick.hidden = !items.length;
  quick.replaceChildren(...items.map((item) => {
    const node = button("", item.action.label, () => { quick.hidden = true; perform(item.action); });
    if (item.imageUrl) node.prepend(picture(item.imageUrl));
    return node;
  }));
}

function showMenu(menu) {
  const key = menu?.id ?? "";
  if (seen.menu === key) return;
  seen.menu = key;
  byId("menu").hidden = !menu;
  if (!menu) return;
  byId("menu-bar").textContent = menu.chatBarText;
  openMenu(menu.selected);
  const { width, height } = menu.size;
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  byId("menu-board").replaceChildren(picture(address(`/menu/${menu.id}`), menu.chatBarText), ...menu.areas.map(({ bounds, action }) => {
    const node = button("", "", () => perform(action));
    node.ariaLabel = action.label ?? action.text ?? action.displayText ?? action.data ?? "メニュー";
    node.title = action.label ?? "";
    Object.assign(node.style, { left: percent(bounds.x, width), top: percent(bounds.y, height), width: percent(bounds.width, width), height: percent(bounds.height, height) });
    return node;
  }));
}
function openMenu(open) {
  byId("menu-board").hidden = !open;
  byId("menu-bar").ariaExpanded = String(open);
}
byId("menu-bar").addEventListener("click", () => openMenu(byId("menu-board").hidden));

// People.

const STATUS = { friend: "友だち", blocked: "ブロック中", stranger: "未追加" };

function showPerson(next) {
  byId("welcome").hidden = true;
  byId("log").hidden = false;
  const changed = next.status !== person?.status;
  person = next;
  byId("who").textContent = `${person.name} さんとして操作中`;
  const chip = byId("status");
  chip.hidden = false;
  chip.textContent = STATUS[person.status];
  chip.className = `chip ${person.status}`;
  byId("person-card").hidden = false;
  byId("block").parentElement.hidden = person.status !== "friend";
  byId("user-id").textContent = person.id;
  byId("invite").hidden = person.status === "friend";
  byId("invite-text").textContent = person.status === "blocked" ? "ブロック中です。" : "このアカウントを友だちに追加しますか？";
  byId("follow").textContent = person.status === "blocked" ? "ブロックを解除" : "友だち追加";
  byId("composer").classList.toggle("off", person.status === "blocked");
  byId("text").disabled = person.status === "blocked";
  if (changed) listPeople();
}

let listed = 0;
async function listPeople() {
  const turn = ++listed;
  const { people, count } = await read(`/page/people?q=${encodeURIComponent(byId("search").value)}`);
  if (turn !== listed) return;
  byId("people-count").textContent = `${count.toLocaleString()}人`;
  const rows = people.map((one) => {
    const node = button("", avatar(one.name), () => choose(one));
    node.append(make("span", "name", one.name), make("span", "mark", one.status === "friend" ? "" : STATUS[one.status]));
    node.ariaCurrent = String(one.id === person?.id);
    return make("li", "", node);
  });
  byId("people").replaceChildren(...(rows.length ? rows : [make("li", "none", "見つかりません")]));
}

function choose(one) {
  person = null;
  startChat();
  showPerson(one);
  localStorage.setItem(LAST, one.id);
  listPeople();
  poll();
  pollSoon();
  if (draft) { compose(draft); draft = ""; }
}

byId("search").addEventListener("input", listPeople);

function askPerson(forLink) {
  byId("person-hint").hidden = !forLink;
  byId("person-title").textContent = forLink ? "友だち追加するお客さま" : "新しいお客さま";
  byId("person-name").value = "";
  byId("person-dialog").showModal();
}
for (const id of ["new-person", "start"]) byId(id).addEventListener("click", () => askPerson(false));
byId("person-form").addEventListener("submit", async () => {
  const wish = { name: byId("person-name").value, language: byId("person-language").value };
  const follows = byId("person-follow").checked;
  await attempt(async () => {
    const made = await change("/page/people", wish);
    byId("search").value = "";
    choose(made.person);
    if (follows) await act("follow", {});
  });
});
for (const node of document.querySelectorAll("[data-close]")) node.addEventListener("click", () => node.closest("dialog").close());

// Acting.

async function attempt(work) {
  try { return await work(); } catch (error) { toast(error.message); return null; }
}

async function act(name, body) {
  if (!person) { toast("先にお客さまを選んでください。"); return false; }
  pollSoon();
  const done = await attempt(() => change(`/page/act/${name}`, { user: person.id, ...body }));
  pollSoon();
  if (done && !done.delivery.ok) toast(`ボットに届きませんでした（${reason(done.delivery)}）`);
  return Boolean(done);
}

async function redeliver(event) {
  const done = await attempt(() => change("/page/redeliver", { event }));
  if (done) toast(done.delivery.ok ? "再送しました。" : `また届きませんでした（${reason(done.delivery)}）`);
  pollSoon();
}

// A sent text shows at once; the stored line takes its place when it comes back.
async function say(text, name, body) {
  const node = make("div", "line user pending", make("div", "meta", clockOf(world?.now ?? Date.now())), make("div", "body", make("div", "bubble", text)));
  const waiting = { text, node };
  if (person && person.status !== "blocked") {
    seen.pending.push(waiting);
    byId("log").append(node);
    byId("log").scrollTop = byId("log").scrollHeight;
    byId("quick").hidden = true;
  }
  if (!(await act(name, body))) node.remove();
}
function dropPending(line) {
  const index = line.side === "user" ? seen.pending.findIndex(({ text }) => text === line.body.text) : -1;
  if (index < 0) return;
  seen.pending[index].node.remove();
  seen.pending.splice(index, 1);
}

const perform = (action) => performs[action.type]?.(action);
const performs = {
  message: (action) => say(action.text, "text", { text: action.text }),
  postback(action) {
    if (action.inputOption === "closeRichMenu") openMenu(false);
    if (action.inputOption === "openRichMenu") openMenu(true);
    if (action.inputOption === "openKeyboard") compose(action.fillInText ?? "");
    const body = { data: action.data, displayText: action.displayText, text: action.text };
    if (action.displayText) return say(action.displayText, "postback", body);
    return act("postback", body);
  },
  uri: (action) => openLink(action.uri),
  datetimepicker: pickDate,
  async clipboard(action) {
    await navigator.clipboard?.writeText(action.clipboardText).catch(() => {});
    toast(`コピーしました: ${action.clipboardText}`);
  },
  richmenuswitch: (action) => act("switch", { alias: action.richMenuAliasId, data: action.data }),
  camera: () => byId("picture").click(),
  cameraRoll: () => byId("picture").click(),
  location: () => act("location", {}),
};

function decoded(words) {
  try { return decodeURIComponent(words); } catch { return words; }
}

function openLink(text) {
  let url;
  try { url = new URL(text); } catch { return; }
  const isChat = url.hostname === "line.me" || url.origin === location.origin;
  const message = isChat && url.pathname.match(/\/R\/oaMessage\/[^/]+\/?$/);
  if (message) { compose(decoded(url.search.slice(1))); return; }
  if (isChat && /\/R\/ti\/p\//.test(url.pathname)) { askPerson(true); return; }
  if (url.protocol === "http:" || url.protocol === "https:") window.open(url.href, "_blank", "noopener");
  else toast(`スマートフォンではここで開きます: ${text}`);
}

const PICKER = { date: ["date", "日付を選ぶ"], time: ["time", "時刻を選ぶ"], datetime: ["datetime-local", "日時を選ぶ"] };
let picking = null;
function pickDate(action) {
  const input = byId("picker");
  const [type, title] = PICKER[action.mode];
  input.type = type;
  byId("picker-title").textContent = action.label || title;
  input.min = action.min ?? (type === "date" ? "1900-01-01" : "");
  input.max = action.max ?? (type === "date" ? "2100-12-31" : "");
  const now = localOf(world?.now ?? Date.now());
  input.value = action.initial ?? (type === "date" ? now.slice(0, 10) : type === "time" ? now.slice(11) : now);
  picking = action;
  byId("picker-dialog").showModal();
}
byId("picker-form").addEventListener("submit", () => {
  act("postback", { data: picking.data, params: { [picking.mode]: byId("picker").value } });
});

// The composer.

const text = byId("text");
function fitText() { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; }
function compose(words) { text.value = words; fitText(); text.focus(); }
text.addEventListener("input", fitText);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  if (!person) { toast("先にお客さまを選んでください。"); return; }
  compose("");
  say(words, "text", { text: words });
});

byId("stickers").append(...Object.entries(STICKERS).map(([id, face]) => button("", face, () => {
  byId("stickers").hidden = true;
  act("sticker", { packageId: STICKER_PACKAGE, stickerId: id });
})));
byId("open-stickers").addEventListener("click", () => { byId("stickers").hidden = !byId("stickers").hidden; });

byId("send-picture").addEventListener("click", () => byId("picture").click());
byId("picture").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) await attempt(async () => act("picture", { data: await shrunken(file) }));
});
// A JPEG of at most 1,024 pixels, as base64.
async function shrunken(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, 1024 / Math.max(image.width, image.height));
  const canvas = make("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", .85).split(",")[1];
}

// The world.

byId("follow").addEventListener("click", () => act("follow", {}));
byId("block").addEventListener("click", () => act("block", {}));
byId("beacon").addEventListener("submit", (event) => { event.preventDefault(); act("beacon", { hwid: byId("hwid").value.trim() }); });
byId("plan-limit").addEventListener("change", async ({ target }) => {
  await attempt(() => change("/page/plan", { limit: target.value === "none" ? null : Number(target.value) }));
  poll();
});

async function travel(body) {
  byId("busy").hidden = false;
  const done = await attempt(() => change("/page/travel", body));
  byId("busy").hidden = true;
  byId("travel-to").value = "";
  if (done) toast(`${fullOf(done.now)} になりました。`);
  pollSoon();
}
for (const node of document.querySelectorAll("[data-travel]")) node.addEventListener("click", () => travel({ seconds: Number(node.dataset.travel) }));
byId("travel").addEventListener("submit", (event) => { event.preventDefault(); travel({ to: byId("travel-to").value }); });

// Start: as the customer played last, with the text a link brought.

async function start() {
  startChat();
  const hadDraft = Boolean(draft);
  const last = localStorage.getItem(LAST);
  const state = last ? await attempt(() => read(`/page/state?user=${encodeURIComponent(last)}`)) : null;
  if (state?.person) choose(state.person);
  else { await attempt(listPeople); poll(); if (hadDraft) toast("お客さまを選ぶと、メッセージが入力されます。"); }
  if (document.body.dataset.follow) askPerson(true);
  if (hadDraft || document.body.dataset.follow) history.replaceState(null, "", address(""));
}
start();
