// The customers: the list, making a new one, choosing whom to play.
import { attempt, avatar, button, byId, clockOf, dayOf, make, shortOf } from "./dom.js";
import { change, read } from "./net.js";
import { act, announce, session } from "./session.js";

const STATUS = { friend: "友だち", blocked: "ブロック中", stranger: "未追加" };

export function showPerson(person) {
  const isFriend = person.status === "friend";
  byId("welcome").hidden = true;
  byId("log").hidden = false;
  byId("who").textContent = `${person.name} さんの画面`;
  const chip = byId("status");
  chip.hidden = isFriend;
  chip.textContent = STATUS[person.status];
  chip.className = `chip ${person.status}`;
  byId("person-card").hidden = false;
  byId("events-card").hidden = false;
  byId("block").hidden = !isFriend;
  byId("user-id").textContent = person.id;
  byId("phone-number").textContent = person.phone ?? "";
  byId("invite").hidden = isFriend;
  byId("invite-text").textContent = person.status === "blocked" ? "このアカウントをブロックしています。" : "このアカウントを友だちに追加しますか？";
  byId("follow").textContent = person.status === "blocked" ? "ブロックを解除" : "友だち追加";
}

let turn = 0;
export async function listPeople() {
  const mine = ++turn;
  const { people, count } = await read(`/page/people?q=${encodeURIComponent(byId("search").value)}`);
  if (mine !== turn) return;
  byId("people-count").textContent = `${count.toLocaleString()}人`;
  const unread = people.reduce((sum, one) => sum + (one.id === session.person?.id ? 0 : one.unread), 0);
  byId("unread-all").hidden = !unread;
  byId("unread-all").textContent = unread > 99 ? "99+" : unread;
  const focused = document.activeElement?.dataset?.person;
  const rows = people.map((one) => make("li", "", talkButton(one)));
  byId("people").replaceChildren(...(rows.length ? rows : [make("li", "none", "見つかりません")]));
  if (focused) byId("people").querySelector(`[data-person="${focused}"]`)?.focus();
}

function talkButton(one) {
  const isPlayed = one.id === session.person?.id;
  const node = button("", avatar(one.name), () => announce("choose", one));
  const words = one.status === "friend" ? one.words : STATUS[one.status];
  node.append(make("span", "talk", make("span", "name", one.name), make("span", "words", words)));
  const side = make("span", "side", make("span", "at", one.at ? atOf(one.at) : ""));
  if (one.unread && !isPlayed) side.append(make("span", "badge", one.unread > 99 ? "99+" : String(one.unread)));
  node.append(side);
  node.dataset.person = one.id;
  node.ariaCurrent = String(isPlayed);
  return node;
}

const atOf = (ms) => (dayOf(ms) === dayOf(session.world?.now ?? Date.now()) ? clockOf(ms) : shortOf(ms));

byId("search").addEventListener("input", () => attempt(listPeople));

// The browser's language, if a customer may have it.
function languageHere() {
  const known = [...byId("person-language").options].map((option) => option.value);
  const here = navigator.languages.map((tag) => known.find((each) => tag === each || tag.split("-")[0] === each));
  return here.find(Boolean) ?? "ja";
}
export function openPersonDialog(forLink) {
  byId("person-hint").hidden = !forLink;
  byId("person-title").textContent = forLink ? "友だち追加するお客さま" : "新しいお客さま";
  byId("person-name").value = "";
  byId("person-language").value = languageHere();
  byId("person-dialog").showModal();
}
for (const id of ["new-person", "start"]) byId(id).addEventListener("click", () => openPersonDialog(false));
byId("person-form").addEventListener("submit", async () => {
  const wish = { name: byId("person-name").value, language: byId("person-language").value };
  const follows = byId("person-follow").checked;
  await attempt(async () => {
    const made = await change("/page/people", wish);
    byId("search").value = "";
    announce("choose", made.person);
    if (follows) await act("follow");
  });
});
byId("follow").addEventListener("click", () => act("follow"));
byId("block").addEventListener("click", () => act("block"));
