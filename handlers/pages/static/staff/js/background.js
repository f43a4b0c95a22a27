// When what waits is sent: at once, when the network is back, now and then, and by the browser
// itself after the page was closed, where it can (Background Sync).
import { Offline, SignedOut } from "./api.js";
import { queue } from "./store.js";
import { sync } from "./sync.js";

const TAG = "kayoi-counter-sync";
const EVERY_MS = 20_000;

// `away(why)` is told how it went; gives a function that sends now.
export function keepSending(away) {
  const send = async () => {
    if ((await queue.count().catch(() => 0)) === 0) return;
    try {
      await sync();
      away(null);
    } catch (problem) {
      if (!(problem instanceof Offline || problem instanceof SignedOut)) throw problem;
      away(problem instanceof SignedOut ? "signed_out" : "offline");
      await askBrowser();
    }
  };
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(send, EVERY_MS);
  return send;
}

async function askBrowser() {
  const worker = await navigator.serviceWorker?.getRegistration("/staff/").catch(() => null);
  await worker?.sync?.register(TAG).catch(() => {});
}

// Installs the service worker; one that can send by itself where the browser has that.
export async function install() {
  if (!("serviceWorker" in navigator)) return;
  const canSync = "SyncManager" in window;
  const [script, type] = canSync ? ["/staff/sw-sync.js", "module"] : ["/staff/sw.js", "classic"];
  await navigator.serviceWorker.register(script, { scope: "/staff/", type, updateViaCache: "none" }).catch(() => {});
}
