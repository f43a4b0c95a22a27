// Who is played and what the platform said last, and how the parts of the page hear of it.
import { attempt, toast } from "./dom.js";
import { change } from "./net.js";

export const session = { person: null, world: null, draft: document.body.dataset.draft || "" };
export const botName = document.body.dataset.botName;

// Parts announce what happened; others listen: "acted", "sent", "choose".
const bus = new EventTarget();
export const listen = (name, hear) => bus.addEventListener(name, (event) => hear(event.detail));
export const announce = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));

export function reason(delivery) {
  if (delivery.error === "REQUEST_TIMEOUT") return "2秒以内に応答なし";
  if (delivery.error === "COULD_NOT_CONNECT") return "接続できません";
  return `応答 ${delivery.status}`;
}

// Do something as the customer; whether the platform took it.
export async function act(name, body = {}) {
  if (!session.person) { toast("先にお客さまを選んでください。"); return false; }
  announce("acted");
  const done = await attempt(() => change(`/page/act/${name}`, { user: session.person.id, ...body }));
  announce("acted");
  if (done && !done.delivery.ok) toast(`ボットに届きませんでした（${reason(done.delivery)}）`);
  return Boolean(done);
}

export async function redeliver(event) {
  const done = await attempt(() => change("/page/redeliver", { event }));
  if (done) toast(done.delivery.ok ? "再送しました。" : `また届きませんでした（${reason(done.delivery)}）`);
  announce("acted");
}
