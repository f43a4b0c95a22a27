// Where another card is asked for, the camera or a hand scanner, wherever the cursor is, fills in its
// number. Who it is, the server looks up.
import { numberOf, scanned } from "./codes.js";
import { byId, show } from "./dom.js";
import { feel } from "./feedback.js";
import { Lens } from "./lens.js";
import { spaced } from "./result.js";
import { listenToWedge } from "./wedge.js";
import { refusal, t } from "./words.js";

const field = document.querySelector("[name='other']:not([type='hidden'])");

function read(text) {
  const number = numberOf(scanned(text));
  feel(number ? "good" : "bad");
  const isSame = field.value === number || field.value === spaced(number ?? "");
  if (number) field.value = spaced(number);
  const said = byId("card-read");
  if (said) {
    said.className = number ? "done" : "problem";
    said.textContent = number ? t("camera.read", { number: spaced(number) }) : refusal("offline_unknown").line;
    show(said, true);
  } else if (number && !isSame) {
    // What stands below is of the card before.
    field.form.requestSubmit();
  }
}

if (byId("lens")) new Lens(read);
listenToWedge(read);
