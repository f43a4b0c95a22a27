// On a narrow screen the phone fills it, and the panels beside it become drawers.
import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 1099px)");
const DRAWERS = { "open-people": "people-panel", "open-tools": "tools-panel" };
let opener = null;

export function openDrawer(name) {
  closeDrawers();
  opener = byId(name);
  const panel = byId(DRAWERS[name]);
  panel.inert = false;
  panel.classList.add("open");
  byId("shade").hidden = false;
  panel.querySelector("button, input")?.focus();
}

export function closeDrawers() {
  for (const id of Object.values(DRAWERS)) {
    byId(id).classList.remove("open");
    byId(id).inert = narrow.matches;
  }
  byId("shade").hidden = true;
  opener?.focus();
  opener = null;
}

for (const name of Object.keys(DRAWERS)) byId(name).addEventListener("click", () => openDrawer(name));
for (const node of document.querySelectorAll("[data-close-drawer]")) node.addEventListener("click", closeDrawers);
byId("shade").addEventListener("click", closeDrawers);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && opener) closeDrawers(); });
byId("beacon-from-attach").addEventListener("click", () => { if (narrow.matches) openDrawer("open-tools"); byId("hwid").focus(); });
narrow.addEventListener("change", closeDrawers);
closeDrawers();
