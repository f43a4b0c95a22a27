// Where another card is asked for, the camera fills in its number. Who it is, the server looks up.
import { numberOf } from "./codes.js";
import { byId, show } from "./dom.js";
import { feel } from "./feedback.js";
import { Lens } from "./lens.js";
import { spaced } from "./result.js";
import { refusal, t } from "./words.js";

const field = document.querySelector("[name='other']");

new Lens((text) => {
  const number = numberOf(text);
  if (number) field.value = spaced(number);
  feel(number ? "good" : "bad");
  const said = byId("card-read");
  said.className = number ? "done" : "problem";
  said.textContent = number ? t("camera.read", { number: spaced(number) }) : refusal("offline_unknown").line;
  show(said, true);
});
