// What the device keeps through a closed tab and a dead battery (IndexedDB): the queue of what the
// server hasn't answered yet, what it refused, and what is needed to work without it.
import { openDB } from "../vendor/idb/index.js";

const NAME = "kayoi-counter";
const VERSION = 1;
let opened = null;

function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(made) {
      made.createObjectStore("queue", { keyPath: "id" }).createIndex("at", "at");
      made.createObjectStore("refused", { keyPath: "id" }).createIndex("at", "at");
      made.createObjectStore("kept");
    },
    blocking(_, __, event) { event.target.close(); opened = null; },
    terminated() { opened = null; },
  }).catch((problem) => { opened = null; throw problem; });
  return opened;
}

// Tells this page and the others of this device that the queue or the refusals are different.
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("kayoi-counter") : null;
const changes = new EventTarget();
others?.addEventListener("message", () => changes.dispatchEvent(new Event("change")));
export const onChange = (act) => changes.addEventListener("change", act);
function changed() {
  changes.dispatchEvent(new Event("change"));
  others?.postMessage("change");
}

// Written through to the disk before it resolves, as far as the browser lets us ask for that.
async function write(store, act) {
  const transaction = (await database()).transaction(store, "readwrite", { durability: "strict" });
  const result = await act(transaction.store);
  await transaction.done;
  return result;
}

// An item: {id, kind: "scan"|"add"|"undo", at, body, tried, sentAt, undo?, number?}. `tried`: it was
// sent once and may have arrived, so its body isn't changed any more. `sentAt`: since when (ms) a
// page waits for its answer, or 0. `undo`: to be taken back as soon as it has been answered.
export const queue = {
  async put(item) {
    await write("queue", (store) => store.put(item));
    changed();
  },
  // Changes the item of that id, unless it was answered meanwhile; gives what is kept, or null.
  async change(id, change) {
    const kept = await write("queue", async (store) => {
      const item = await store.get(id);
      const next = item ? change(item) : null;
      if (next) await store.put(next);
      return next;
    });
    if (kept) changed();
    return kept;
  },
  async drop(id) {
    await write("queue", (store) => store.delete(id));
    changed();
  },
  get: async (id) => (await database()).get("queue", id),
  all: async () => (await database()).getAllFromIndex("queue", "at"),
  count: async () => (await database()).count("queue"),
};

// What the server refused after the fact: {id, at, number, line, next, tone, kind, amount, scan, again}, until
// it was read; what may be added `again`, until it was decided on by itself.
export const refused = {
  async put(problem) {
    await write("refused", (store) => store.put(problem));
    changed();
  },
  async drop(id) {
    await write("refused", (store) => store.delete(id));
    changed();
  },
  async clear() {
    await write("refused", async (store) => {
      for (const problem of await store.getAll()) if (!problem.again) await store.delete(problem.id);
    });
    changed();
  },
  all: async () => (await database()).getAllFromIndex("refused", "at"),
};

export const kept = {
  get: async (name) => (await database()).get("kept", name),
  put: (name, value) => write("kept", (store) => store.put(value, name)),
  drop: (name) => write("kept", (store) => store.delete(name)),
};

// Asks the browser not to clear the queue away when the disk is full.
export const stay = () => globalThis.navigator?.storage?.persist?.().catch(() => false);
