// The date picker, as a sheet at the foot of the phone.
import { byId, localOf } from "./dom.js";
import { act, session } from "./session.js";

const KINDS = {
  date: ["date", "日付を選ぶ", "1900-01-01", "2100-12-31"],
  time: ["time", "時刻を選ぶ", "00:00", "23:59"],
  datetime: ["datetime-local", "日時を選ぶ", "1900-01-01T00:00", "2100-12-31T23:59"],
};
let picking = null;

export function pickDate(action) {
  const input = byId("picker");
  const [type, title, least, most] = KINDS[action.mode];
  const now = localOf(session.world?.now ?? Date.now());
  input.type = type;
  input.min = action.min ?? least;
  input.max = action.max ?? most;
  input.value = action.initial ?? { date: now.slice(0, 10), time: now.slice(11), datetime: now }[action.mode];
  byId("picker-title").textContent = action.label || title;
  byId("picker-bounds").textContent = action.min || action.max ? `${input.min} 〜 ${input.max}` : "";
  picking = action;
  showInPhone(byId("picker-dialog"));
}

// A modal dialog that covers the foot of the phone's screen, wherever that is.
function showInPhone(dialog) {
  const { left, width, bottom } = document.querySelector(".screen").getBoundingClientRect();
  Object.assign(dialog.style, { left: `${left}px`, width: `${width}px`, bottom: `${Math.max(0, innerHeight - bottom)}px` });
  dialog.showModal();
}

byId("picker-form").addEventListener("submit", () => {
  act("postback", { data: picking.data, params: { [picking.mode]: byId("picker").value } });
});
