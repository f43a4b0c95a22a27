// What a result sounds and feels like: good rises, a no falls, and nobody has to look.
import { prefs } from "./prefs.js";

// [Hz, begins after s, lasts s]
const NOTES = {
  good: [[784, 0, 0.09], [1175, 0.09, 0.16]],
  info: [[784, 0, 0.14]],
  warn: [[523, 0, 0.12], [523, 0.17, 0.12]],
  bad: [[330, 0, 0.16], [247, 0.18, 0.28]],
};
const BUZZ = { good: [60], info: [40], warn: [60, 60, 60], bad: [200, 80, 200] };
const LOUDNESS = 0.22;
let speaker = null;

// Browsers let a page make sounds once it was touched.
function wake() {
  if (!speaker && "AudioContext" in window) speaker = new AudioContext();
  if (speaker?.state === "suspended") speaker.resume().catch(() => {});
}
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wake, { capture: true, passive: true });

export function feel(tone) {
  if (prefs.sound && speaker?.state === "running") for (const note of NOTES[tone] ?? NOTES.info) play(note);
  if (prefs.vibration && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ[tone] ?? BUZZ.info);
}

function play([hertz, after, seconds]) {
  const from = speaker.currentTime + after;
  const voice = speaker.createOscillator();
  const volume = speaker.createGain();
  voice.type = "triangle";
  voice.frequency.value = hertz;
  volume.gain.setValueAtTime(LOUDNESS, from);
  volume.gain.exponentialRampToValueAtTime(0.001, from + seconds);
  voice.connect(volume).connect(speaker.destination);
  voice.start(from);
  voice.stop(from + seconds);
}
