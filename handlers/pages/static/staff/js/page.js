// The counter's page: everything that reads a code leads to one scan, everything said to one result.
import { Again } from "./again.js";
import { Offline, SignedOut } from "./api.js";
import { install, keepSending } from "./background.js";
import { scanned } from "./codes.js";
import * as deliver from "./deliver.js";
import { byId, show } from "./dom.js";
import { dress } from "./dress.js";
import { Extras, takesAmounts } from "./extras.js";
import { feel } from "./feedback.js";
import { Find } from "./find.js";
import { askReason } from "./insist.js";
import { Lens } from "./lens.js";
import { OnToday } from "./on-today.js";
import { prefs } from "./prefs.js";
import { Recent } from "./recent.js";
import * as result from "./result.js";
import { Scanner } from "./scan.js";
import * as session from "./session.js";
import { Status } from "./status.js";
import { onChange, stay } from "./store.js";
import { onAnswer } from "./sync.js";
import { Synced } from "./synced.js";
import { givePerk, handOut } from "./use.js";
import { listenToWedge } from "./wedge.js";
import { t } from "./words.js";

// Nobody's name stays on the screen longer: the next customer stands there.
const SHOWN_MS = 60_000;
const FOLLOW_MS = 45_000;
let shown = null;
let hide = 0;
// A scan until it is shown, and an addition until it is answered: what comes next is about who is shown.
let scanning = Promise.resolve();
let isShown = () => {};
let adding = Promise.resolve();
const again = new Again();
const undoing = new Set();

const status = new Status(() => send());
const send = keepSending((why) => { status.away = why; });
const extras = new Extras({ add: addTo, settled: () => Promise.all([scanning, adding]) });
const recent = new Recent({ undo: takeBack, undoWaiting: takeBackWaiting });
const onToday = new OnToday({ told: (answer) => told({ id: "switch" }, answer, null), shown: () => shown });
const scanner = new Scanner({ show: showScanned, away: (why) => { status.away = why; } });

async function scan(text, via, since) {
  const code = scanned(text);
  if (!code || !(await extras.letsIn(code, since))) return;
  if (again.is(code, scanner.shown) && !extras.anything) {
    if (shown?.item.id === scanner.shown) showAnswer(shown.item, shown.answer);
    return;
  }
  // Behind a sheet nobody sees the result; and what it asks is about who was here before.
  for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
  await adding;
  scanning = new Promise((resolve) => { isShown = resolve; });
  scanner.scan(code, via, extras.take()).catch((problem) => { feel("bad"); throw problem; }).finally(isShown);
  again.begins(code, scanner.shown);
}

function showScanned(item, answer) {
  if (!canAdd(answer)) again.forget();
  // A reward's page takes nothing along.
  const took = canAdd(answer) && answer.result !== "redeemed";
  if (!took && !answer.added?.length) extras.putBack(item.body);
  const isFirst = shown?.item.id !== item.id;
  showAnswer(item, answer);
  isShown();
  // What is to be handed over stays in view.
  if (isFirst && prefs.amount && took && !item.body.amount && !answer.selected?.length) extras.askAmount();
}

function showAnswer(item, answer) {
  const isNew = shown?.item.id !== item.id || shown.answer.result !== answer.result;
  shown = { item, answer };
  result.draw(answer, { undo: undoShown, insist: insistOnShown, close: clear, use: useShown, give: giveShown, again: again.of === item.id ? readAgain(answer) : "" });
  extras.for(canAdd(answer) ? { item, answer, name: nameOf(answer) } : null);
  if (isNew) feel(answer.tone);
  clearTimeout(hide);
  hide = setTimeout(clear, SHOWN_MS);
  if (answer.result === "offline") recent.draw();
  else recent.refresh();
}

function readAgain(answer) {
  const visit = session.offered()?.visitWord;
  return visit && answer.result !== "redeemed" ? t("again.visit", { visit }) : t("again.plain");
}

const canAdd = (answer) => Boolean(answer.member) && ["checked_in", "not_counted", "added", "redeemed", "given", "offline"].includes(answer.result);
const nameOf = ({ member }) => member.name || result.spaced(member.number);

function clear() {
  clearTimeout(hide);
  shown = null;
  scanner.forget();
  result.clear();
  extras.for(null);
}

// Whether it is done, or kept until it can be.
async function addTo({ item, answer }, extra) {
  const sent = deliver.add(item, answer.member.number, extra);
  adding = sent.catch(() => {});
  const came = await sent;
  told(item, came, answer);
  return came.result === "added" || Boolean(came.away);
}

// A reward of who is shown, handed out after a second look.
async function useShown(reward) {
  const { item, answer } = shown;
  const asked = handOut(answer.member, reward);
  adding = asked.catch(() => {});
  const came = await asked;
  // A no leaves the person as they were: what is added next is still theirs.
  if (came) told(item, came.result === "redeemed" ? came : { ...came, result: answer.result }, answer);
}

// What the rank of who is shown brings, noted as given.
async function giveShown(perk) {
  const { item, answer } = shown;
  const asked = givePerk(answer.member, perk);
  adding = asked.catch(() => {});
  const came = await asked;
  told(item, came.result === "given" ? came : { ...came, result: answer.result, member: came.member ?? answer.member }, answer);
}

async function undoShown() {
  if (!shown) return;
  const { item, answer } = shown;
  if (answer.action) await takeBack(answer.action, answer.member?.number);
  else await takeBackWaiting(item.id);
}

async function takeBack(action, number, more) {
  // Tapped twice, it is taken back once.
  if (undoing.has(action)) return;
  undoing.add(action);
  const before = shown?.answer.member?.number === number ? shown.answer : null;
  const answer = await deliver.undo(action, number, more);
  if (answer.tone === "bad") undoing.delete(action);
  told({ id: action }, answer, before);
}

// What was refused for the want of a word: that an amount is meant, or a manager's reason.
async function insistOnShown() {
  const { item, answer } = shown;
  if (answer.again) return addTo(shown, answer.again);
  const reason = await askReason(answer.insist, answer);
  if (reason) await takeBack(item.id, answer.member?.number, { reason, force: answer.insist === "force" });
}

async function takeBackWaiting(id) {
  const answer = await deliver.undoWaiting(id);
  if (answer) told({ id }, answer, shown?.item.id === id ? shown.answer : null);
}

// Shows what became of an addition or an undoing. Without network the person stays as `before`.
function told(item, answer, before) {
  if (answer.result === "undone") again.forget();
  if (answer.away) status.away = answer.away;
  const isSame = answer.away && before?.member;
  showAnswer(item, { result: "told", undoable: false, marks: [], ...answer, member: answer.member ?? (isSame ? before.member : null) });
}

// What the shop is and offers, as it is now: whoever publishes a programme reloads no page.
async function follow() {
  if (document.hidden) return;
  try {
    await session.load();
    status.away = null;
  } catch (problem) {
    if (!(problem instanceof Offline || problem instanceof SignedOut)) throw problem;
    status.away = problem instanceof SignedOut ? "signed_out" : "offline";
  }
  dress(session.offered());
  extras.refresh();
  onToday.draw();
  show(byId("pref-amount").closest("label"), takesAmounts());
}

async function begin() {
  await follow();
  await Promise.all([recent.refresh(), send()]);
}

for (const name of ["sound", "vibration", "amount"]) {
  const box = byId(`pref-${name}`);
  box.checked = prefs[name];
  box.addEventListener("change", () => { prefs[name] = box.checked; if (box.checked) feel("good"); });
}
for (const node of document.querySelectorAll("[data-close]")) node.addEventListener("click", () => node.closest("dialog").close());
byId("open-settings").addEventListener("click", () => byId("settings").showModal());
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !document.querySelector("dialog[open]")) clear(); });
window.addEventListener("online", begin);
document.addEventListener("visibilitychange", follow);
setInterval(follow, FOLLOW_MS);
onChange(() => recent.draw());
onAnswer(() => recent.refresh());
new Synced((id) => scanner.shown === id);
listenToWedge((code, since) => scan(code, "keyboard", since));
new Find(scan);
new Lens((text) => scan(text, "camera"));
install();
stay();
begin();
