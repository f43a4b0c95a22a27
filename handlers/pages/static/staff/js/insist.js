// Undoing what only a manager may: with a reason, and at the shop's expense where points were spent.
import { byId, show } from "./dom.js";
import { opened } from "./keypad.js";
import { t } from "./words.js";

// Opens the sheet; resolves with the reason, or null if it was closed. `kind`: "reason" or "force",
// with how many points are `missing`.
export function askReason(kind, { missing }) {
  const field = byId("insist-reason");
  field.value = "";
  byId("insist-title").textContent = t(`insist.${kind}`);
  byId("insist-sure").textContent = kind === "force" ? t("insist.sure", { count: missing }) : "";
  show(byId("insist-sure"), kind === "force");
  return opened(byId("insist"), { value: () => field.value.trim() || null }).answer;
}
