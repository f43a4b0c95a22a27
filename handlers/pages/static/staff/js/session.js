// Who stands at the counter and what the page knows of the shop, kept for when the network is away.
import * as api from "./api.js";
import { fromBase64, learnPrefixes } from "./codes.js";
import { kept } from "./store.js";

const LANGUAGE = "/staff/language";
let known = null;
let programme = null;

// The session as last told: {staff, store, device, language, publicKeys, …}; null if there never was
// one here. The programme likewise: what may be added to a scan, and what points are called.
export const current = () => known;
export const offered = () => programme;
// What is on today, and what can be switched on: {id, name, label, switch, on} each.
export const campaigns = () => known?.campaigns ?? [];
export const learnCampaigns = (told) => { known = { ...known, campaigns: told }; };

// Asks anew; without network, what was kept. SignedOut if nobody is signed in.
export async function load() {
  try {
    known = await api.session();
    await keep("session", { ...known, csrf: undefined });
    await tellLanguage(known.language);
  } catch (problem) {
    if (problem instanceof api.SignedOut) await forgetWhoIsOut();
    if (!(problem instanceof api.Offline)) throw problem;
    known ??= (await kept.get("session").catch(() => null)) ?? null;
  }
  await loadProgramme();
  learnPrefixes(programme?.prefixes);
  return known;
}

async function loadProgramme() {
  programme ??= (await kept.get("programme").catch(() => null)) ?? null;
  if (programme && programme.version === known?.programmeVersion && programme.language === known.language && programme.words) return;
  try {
    programme = await api.get("programme");
    await keep("programme", programme);
  } catch (problem) {
    if (!(problem instanceof api.Offline || problem instanceof api.NotTaken)) throw problem;
  }
}

// A browser that keeps nothing still scans while the network is there.
const keep = (name, value) => kept.put(name, value).catch(() => {});

// The service worker answers in this language when there is no network.
async function tellLanguage(language) {
  const cache = await globalThis.caches?.open("kayoi-counter-kept").catch(() => null);
  await cache?.put(LANGUAGE, new Response(language)).catch(() => {});
}

// A session that ended still lets the device take scans, to be sent after the next signing in; but
// somebody who signed out is not shown as standing here.
async function forgetWhoIsOut() {
  known ??= (await kept.get("session").catch(() => null)) ?? null;
}

// The keys, of 32 bytes each, that card codes are checked with; none before the first session.
export const publicKeys = () => (known?.publicKeys ?? []).map(fromBase64);
