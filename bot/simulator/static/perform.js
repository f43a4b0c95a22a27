// Actions: what a tap in a message, a quick reply or the rich menu does.
import { byId, toast } from "./dom.js";
import { compose, openMenu, say } from "./dock.js";
import { change } from "./net.js";
import { openPersonDialog } from "./people.js";
import { pickDate } from "./picker.js";
import { act, session } from "./session.js";

const performs = {
  message: (action) => say(action.text, "text", { text: action.text }),
  postback(action) {
    if (action.inputOption === "closeRichMenu") openMenu(false);
    if (action.inputOption === "openRichMenu") openMenu(true);
    if (action.inputOption === "openKeyboard") compose(action.fillInText ?? "");
    const body = { data: action.data, displayText: action.displayText, text: action.text };
    return action.displayText ? say(action.displayText, "postback", body) : act("postback", body);
  },
  uri(action) {
    if (session.person) change("/page/tapped", { user: session.person.id, uri: action.uri }).catch(() => {});
    return openLink(action.uri);
  },
  datetimepicker: pickDate,
  async clipboard(action) {
    await navigator.clipboard?.writeText(action.clipboardText).catch(() => {});
    toast(`コピーしました: ${action.clipboardText}`);
  },
  richmenuswitch: (action) => act("switch", { alias: action.richMenuAliasId, data: action.data }),
  camera: () => byId("picture").click(),
  cameraRoll: () => byId("picture").click(),
  location: () => act("location"),
  picture(action) {
    byId("viewer-picture").src = action.url;
    byId("viewer").showModal();
  },
};

export const perform = (action) => performs[action.type]?.(action);

function decoded(words) {
  try { return decodeURIComponent(words); } catch { return words; }
}

// Open a link as the phone would. False if `text` is no link.
export function openLink(text) {
  let url;
  try { url = new URL(text); } catch { return false; }
  const isChat = url.hostname === "line.me" || url.origin === location.origin;
  const message = isChat && url.pathname.match(/\/R\/oaMessage\/[^/]+\/?$/);
  if (message) compose(decoded(url.search.slice(1)));
  else if (isChat && url.pathname.endsWith("/R/share")) toast(`友だちを選ぶ画面が開きます: ${url.searchParams.get("text")}`);
  else if (isChat && /\/R\/ti\/p\//.test(url.pathname)) openPersonDialog(true);
  else if (isChat && url.pathname.includes("/mini-app/")) {
    // LINE's browser: a tab of its own, with nothing of any other.
    window.open(`${url.href}?user=${session.person?.id ?? ""}`, "_blank", "popup,noopener,width=390,height=844");
  } else if (url.protocol === "http:" || url.protocol === "https:") window.open(url.href, "_blank", "noopener");
  else toast(`スマートフォンではここで開きます: ${text}`);
  return true;
}
