// What waits is sent by the service worker, when the browser says that the network is back.
import { sync } from "./sync.js";

const TAG = "kayoi-counter-sync";

export function answerSync() {
  self.addEventListener("sync", (event) => { if (event.tag === TAG) event.waitUntil(sync()); });
}
