// The foot of the phone: writing, stickers, pictures, and the rich menu.
import { attempt, button, byId, make, picture, toast } from "./dom.js";
import { STICKER_PACKAGE, STICKERS } from "./lines.js";
import { address } from "./net.js";
import { act, announce, session } from "./session.js";

const dock = byId("dock");
const text = byId("text");

// Writing.

// Send words that show at once; `name` and `body` are the act that sends them.
export function say(words, name, body) {
  if (!session.person || session.person.status === "blocked") return act(name, body);
  const done = act(name, body);
  announce("sent", { text: words, done });
  return done;
}

function fitText() { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; }
export function compose(words) {
  setMode("keyboard");
  text.value = words;
  fitText();
  text.focus();
}
text.addEventListener("input", fitText);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  if (!session.person) { toast("先にお客さまを選んでください。"); return; }
  text.value = "";
  fitText();
  closeTrays();
  say(words, "text", { text: words });
});

export function allowWriting(isAllowed) {
  dock.hidden = !isAllowed;
}

// Stickers and attachments: trays above the foot, one at a time.

const TRAYS = { "open-attach": "attach", "open-stickers": "stickers" };
for (const [opener, tray] of Object.entries(TRAYS)) {
  byId(opener).addEventListener("click", () => {
    const opens = byId(tray).hidden;
    closeTrays();
    byId(tray).hidden = !opens;
    byId(opener).ariaExpanded = String(opens);
  });
}
function closeTrays() {
  for (const [opener, tray] of Object.entries(TRAYS)) { byId(tray).hidden = true; byId(opener).ariaExpanded = "false"; }
}

byId("stickers").append(...Object.entries(STICKERS).map(([id, face]) => {
  const node = button("", face, () => { closeTrays(); act("sticker", { packageId: STICKER_PACKAGE, stickerId: id }); });
  node.ariaLabel = `スタンプ ${face}`;
  return node;
}));
byId("attach").addEventListener("click", closeTrays);
byId("send-location").addEventListener("click", () => act("location"));
byId("send-picture").addEventListener("click", () => byId("picture").click());
byId("picture").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) await attempt(async () => act("picture", { data: await shrunken(file) }));
});
// A JPEG of at most 1,024 pixels, as base64.
async function shrunken(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, 1024 / Math.max(image.width, image.height));
  const canvas = make("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", .85).split(",")[1];
}

// The rich menu takes the place of the composer, as in LINE; buttons lead from one to the other.

let shownMenu;
export function forgetMenu() { shownMenu = undefined; }

function setMode(mode) {
  dock.dataset.mode = mode;
  closeTrays();
}
byId("to-keyboard").addEventListener("click", () => { setMode("keyboard"); text.focus(); });
byId("to-menu").addEventListener("click", () => { setMode("menu"); openMenu(true); byId("menu-bar").focus(); });

export function openMenu(isOpen) {
  byId("menu-board").hidden = !isOpen;
  byId("menu-bar").ariaExpanded = String(isOpen);
}
byId("menu-bar").addEventListener("click", () => openMenu(byId("menu-board").hidden));

// `perform` does what an action of an area says.
export function showMenu(menu, perform) {
  const key = menu?.id ?? "";
  if (shownMenu === key) return;
  const isFirst = shownMenu === undefined;
  shownMenu = key;
  byId("menu").hidden = !menu;
  byId("to-menu").hidden = !menu;
  if (!menu) { setMode("keyboard"); return; }
  byId("menu-bar").textContent = menu.chatBarText;
  if (!text.value) setMode("menu");
  // A menu that replaces another one stays open or closed, as it was.
  if (isFirst) openMenu(menu.selected);
  const { width, height } = menu.size;
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  byId("menu-board").style.aspectRatio = `${width} / ${height}`;
  byId("menu-board").replaceChildren(picture(address(`/menu/${menu.id}`)), ...menu.areas.map(({ bounds, action }) => {
    const node = button("", "", () => perform(action));
    node.ariaLabel = action.label ?? action.text ?? action.displayText ?? action.data ?? "メニュー";
    node.title = action.label ?? "";
    Object.assign(node.style, { left: percent(bounds.x, width), top: percent(bounds.y, height), width: percent(bounds.width, width), height: percent(bounds.height, height) });
    return node;
  }));
}
