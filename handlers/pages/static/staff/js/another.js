// A scan behind a sheet that is open for somebody: it waits until staff say what becomes of both.
import { byId, show } from "./dom.js";
import { opened } from "./keypad.js";
import { spaced } from "./result.js";
import { t } from "./words.js";

// Resolves with "add" (what was entered for `name`, said by `words`, and then the scan), with "skip"
// (the scan alone), or with null: the scan is let go. `scanned`: the other card's number, if it says one.
export function askAnother({ name, scanned, what, words }) {
  const dialog = byId("another");
  byId("another-title").textContent = t("another.title");
  byId("another-words").textContent = scanned
    ? t("another.card", { name, what, number: spaced(scanned) })
    : t("another.code", { name, what });
  byId("another-add").textContent = words ? t("another.add", { name, what: words }) : "";
  show(byId("another-add"), Boolean(words));
  byId("another-skip").textContent = t("another.skip", { name });
  let choice = null;
  for (const chosen of ["add", "skip"]) byId(`another-${chosen}`).onclick = () => { choice = chosen; };
  return opened(dialog, { value: () => choice }).answer;
}
