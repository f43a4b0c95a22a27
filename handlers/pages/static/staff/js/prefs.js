// What this device remembers for whoever uses it: sound, vibration, amounts, which camera.
const KEY = "kayoi.counter.";

function read(name, otherwise) {
  try { return localStorage.getItem(KEY + name) ?? otherwise; } catch { return otherwise; }
}

function keep(name, value) {
  try { localStorage.setItem(KEY + name, value); } catch { /* A private window forgets; nothing breaks. */ }
}

export const prefs = {
  get sound() { return read("sound", "on") === "on"; },
  set sound(on) { keep("sound", on ? "on" : "off"); },
  get vibration() { return read("vibration", "on") === "on"; },
  set vibration(on) { keep("vibration", on ? "on" : "off"); },
  // Whether the keypad opens after each scan: a till's, not a person's.
  get amount() { return read("amount", "off") === "on"; },
  set amount(on) { keep("amount", on ? "on" : "off"); },
  // "ask" until somebody started it once; then it starts with the page, unless it was switched off.
  get camera() { return read("camera", "ask"); },
  set camera(state) { keep("camera", state); },
  get cameraId() { return read("camera-id", ""); },
  set cameraId(id) { keep("camera-id", id); },
};
