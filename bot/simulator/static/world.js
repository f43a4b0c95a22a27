// The panel beside the phone: the clock and travelling, the plan, beacons, events.
import { attempt, button, byId, clockOf, fullOf, localOf, make } from "./dom.js";
import { addJourney, spanOf } from "./chat.js";
import { change, read } from "./net.js";
import { act, announce, reason, redeliver, session } from "./session.js";

export function showWorld(world) {
  session.world = world;
  byId("now").textContent = fullOf(world.now);
  byId("status-clock").textContent = clockOf(world.now);
  byId("ahead").hidden = world.ahead < 60;
  byId("ahead").textContent = `実際より ${spanOf(world.ahead)} 先`;
  showPlan(world);
  if (!byId("travel-to").value) byId("travel-to").value = localOf(world.now + 86400_000);
  byId("travel-to").min = localOf(world.now);
}

function showPlan({ plan, used }) {
  byId("quota").textContent = plan === null ? `${used.toLocaleString()}通` : `${used.toLocaleString()} / ${plan.toLocaleString()}通`;
  byId("quota-left").textContent = plan === null ? "" : used >= plan ? "上限に達しました" : `あと${(plan - used).toLocaleString()}通`;
  const share = plan === null ? 0 : plan ? Math.min(100, (100 * used) / plan) : 100;
  byId("quota-bar").style.width = `${share}%`;
  byId("quota-bar").classList.toggle("full", share >= 100);
  byId("quota-meter").ariaValueMax = String(plan ?? used);
  byId("quota-meter").ariaValueNow = String(used);
  const select = byId("plan-limit");
  if (document.activeElement !== select) select.value = plan === null ? "none" : String(plan);
}
byId("plan-limit").addEventListener("change", async ({ target }) => {
  await attempt(() => change("/page/plan", { limit: target.value === "none" ? null : Number(target.value) }));
  announce("acted");
});

// The shop's side, in a tab that is opened by the click itself: later none may be.

for (const node of document.querySelectorAll("[data-shop]")) {
  node.addEventListener("click", async () => {
    const tab = window.open("", "_blank");
    const page = await attempt(() => change(`/page/shop/${node.dataset.shop}`, {}));
    if (!page) tab?.close();
    else if (tab) tab.location = page.url;
    else location.href = page.url;
  });
}

// Travelling.

async function travel(body) {
  byId("busy").hidden = false;
  session.travelling = true;
  const done = await attempt(() => change("/page/travel", { ...body, user: session.person?.id }));
  session.travelling = false;
  byId("busy").hidden = true;
  byId("travel-to").value = "";
  if (done) showJourney(done);
  announce("acted");
}
function showJourney(done) {
  const others = done.people - (done.mine ? 1 : 0);
  const parts = [`${spanOf((done.now - done.departed) / 1000)}進みました。`];
  if (session.person) parts.push(done.mine ? `このお客さまに${done.mine}通届きました。` : "このお客さまに届いたものはありません。");
  if (others) parts.push(`ほかの${others.toLocaleString()}人に${(done.messages - done.mine).toLocaleString()}通届きました。`);
  const result = byId("travel-result");
  result.hidden = false;
  result.textContent = parts.join("");
  if (session.person) addJourney(done);
}
const SPANS = { hours: (count) => ({ seconds: count * 3600 }), days: (count) => ({ seconds: count * 86_400 }), months: (count) => ({ months: count }) };
for (const node of document.querySelectorAll("[data-travel]")) {
  const [unit, count] = node.dataset.travel.split(":");
  node.addEventListener("click", () => travel(SPANS[unit](Number(count))));
}
byId("travel").addEventListener("submit", (event) => { event.preventDefault(); travel({ to: byId("travel-to").value }); });

// Beacons.

byId("beacon").addEventListener("submit", (event) => { event.preventDefault(); act("beacon", { hwid: byId("hwid").value.trim() }); });
byId("membership").addEventListener("submit", (event) => { event.preventDefault(); act("membership", { what: byId("membership-what").value, plan: byId("membership-plan").value.trim() }); });
function showBeacons(beacons) {
  byId("beacons").hidden = !beacons.length;
  byId("beacons").replaceChildren(...beacons.map((hwid) => button("small", hwid, () => act("beacon", { hwid }))));
  byId("hwids").replaceChildren(...beacons.map((hwid) => { const node = make("option"); node.value = hwid; return node; }));
}

// Events.

const KINDS = { message: "メッセージ", postback: "タップ", follow: "友だち追加", unfollow: "ブロック", beacon: "ビーコン", membership: "メンバーシップ" };

export async function listEvents() {
  if (!session.person) return;
  const asked = session.person.id;
  const { events, beacons } = await read(`/page/events?user=${asked}`);
  if (asked !== session.person?.id) return;
  showBeacons(beacons);
  byId("events").replaceChildren(...(events.length ? events.map(eventRow) : [make("li", "none", "まだありません")]));
}
function eventRow(event) {
  const how = event.ok ? `${event.ms} ms` : reason(event);
  const times = event.times > 1 ? ` ・ ${event.times}回` : "";
  const words = make("span", "what", make("strong", "", KINDS[event.kind] ?? event.kind), ` ${event.words}`);
  const row = make("li", event.ok ? "" : "bad", make("span", "sign", event.ok ? "✓" : "⚠"), make("span", "about", words, make("small", "", `${clockOf(event.at)} ・ ${how}${times}`)), button("small", "再送", () => redeliver(event.id)));
  row.dataset.event = event.id;
  row.querySelector("button").ariaLabel = `${KINDS[event.kind] ?? event.kind} ${event.words} を再送`;
  return row;
}

export function showMenuNote(menu) {
  byId("menu-note").textContent = menu ? `リッチメニュー: ${menu.name}（${menu.own ? "この人だけ" : "みんなと同じ"}） ` : "";
}
