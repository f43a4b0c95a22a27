// The page: ask the platform what is new, and hand it to the parts that show it.
import { attempt, byId, toast } from "./dom.js";
import { lastShown, showChat, startChat } from "./chat.js";
import { allowWriting, compose, forgetMenu, showMenu } from "./dock.js";
import { closeDrawers } from "./drawers.js";
import { address, read } from "./net.js";
import { listPeople, openPersonDialog, showPerson } from "./people.js";
import { perform } from "./perform.js";
import "./scan.js";
import { listen, session } from "./session.js";
import { listEvents, showMenuNote, showWorld } from "./world.js";

const POLL_MS = 1500;
const SOON_MS = [120, 250, 400, 600, 900]; // after an act, look more often for the answer
const LAST = "simulator.person";

let polling = false;
let timer;
let listedAt = "";

async function poll() {
  clearTimeout(timer);
  if (polling || session.travelling) return;
  polling = true;
  const asked = session.person?.id;
  try {
    const state = await read(`/page/state?user=${asked ?? ""}&after=${lastShown()}`);
    showWorld(state.world);
    if (state.person && asked === session.person?.id) showState(state);
    await refreshLists(state);
  } catch {
    // The server may be restarting: the next turn tries again.
  } finally {
    polling = false;
    timer = setTimeout(() => { if (!document.hidden) poll(); }, POLL_MS);
  }
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
listen("acted", () => { for (const ms of SOON_MS) setTimeout(poll, ms); });

function showState(state) {
  session.person = state.person;
  showPerson(state.person);
  allowWriting(state.person.status !== "blocked");
  showMenu(state.menu, perform);
  showMenuNote(state.menu);
  showChat(state);
}

// The lists are asked for only when something happened to somebody.
async function refreshLists(state) {
  const key = JSON.stringify([state.world.last, state.person, state.deliveries]);
  if (key === listedAt) return;
  listedAt = key;
  await Promise.all([listPeople(), listEvents()]);
}

function choose(person) {
  session.person = person;
  startChat();
  forgetMenu();
  showPerson(person);
  localStorage.setItem(LAST, person.id);
  listedAt = "";
  closeDrawers();
  poll();
  if (session.draft) { compose(session.draft); session.draft = ""; }
}
listen("choose", choose);

// Start: as the customer played last, with the text a link brought.

async function start() {
  startChat();
  const hadDraft = Boolean(session.draft);
  const last = localStorage.getItem(LAST);
  const state = last ? await attempt(() => read(`/page/state?user=${encodeURIComponent(last)}`)) : null;
  if (state?.person) choose(state.person);
  else { poll(); if (hadDraft) toast("お客さまを選ぶと、メッセージが入力されます。"); }
  if (document.body.dataset.follow) openPersonDialog(true);
  if (hadDraft || document.body.dataset.follow) history.replaceState(null, "", address(""));
}
start();
