// What the page wears of the programme: names, words, colours; put on anew when another is in force.
import { byId } from "./dom.js";
import { lang, learn } from "./words.js";

let worn = null;

export function dress(programme) {
  if (!programme?.words || programme.language !== lang || programme.version === worn) return;
  const isFirst = worn === null;
  worn = programme.version;
  learn(programme.words);
  byId("desk").dataset.points = programme.pointsName;
  if (isFirst) return;
  document.querySelector(".shop").firstChild.textContent = `${programme.shop} `;
  const colours = document.querySelector('link[href*="colours.css"]');
  colours.href = `${new URL(colours.href).pathname}?v=${programme.version}`;
}
