// The camera's place on the page: started, chosen, lit, switched off, and what to do without it.
import { Camera, NoCamera, Once } from "./camera.js";
import { identity } from "./codes.js";
import { byId, make, show } from "./dom.js";
import { prefs } from "./prefs.js";
import { offered } from "./session.js";
import { t } from "./words.js";

const AWAY_MS = 4_000;
const SEEN_MS = 450;
// What a card may have beside its QR; elsewhere the camera has no eye for goods.
const barcodes = () => (offered()?.barcodes ? ["EAN13", "Code128"] : []);

export class Lens {
  #camera;
  #lit = false;

  // `scanned(text)` for every code, once while it is held there.
  constructor(scanned) {
    const once = new Once(AWAY_MS);
    this.#camera = new Camera(byId("video"), (text) => {
      if (!once.isNew(identity(text), performance.now())) return;
      this.#flash();
      scanned(text);
    }, barcodes);
    byId("camera-start").addEventListener("click", () => this.start());
    byId("camera-stop").addEventListener("click", () => this.stop());
    byId("camera-light").addEventListener("click", () => this.#light(!this.#lit));
    byId("camera-choice").addEventListener("change", ({ target }) => this.start(target.value));
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#draw("off");
    if (prefs.camera === "on") this.start();
  }

  async start(id = prefs.cameraId) {
    this.#draw("starting");
    try {
      await this.#camera.open(id);
    } catch (problem) {
      this.#draw("off", problem instanceof NoCamera ? problem.why : "busy");
      return;
    }
    prefs.camera = "on";
    if (id) prefs.cameraId = id;
    this.#draw("on");
    this.#lit = false;
    show(byId("camera-light"), this.#camera.canLight);
    byId("camera-light").setAttribute("aria-pressed", "false");
    await this.#offerChoice();
  }

  stop() {
    prefs.camera = "off";
    this.#camera.close();
    this.#draw("off");
    byId("camera-start").focus();
  }

  async #light(on) {
    await this.#camera.light(on);
    this.#lit = on;
    byId("camera-light").setAttribute("aria-pressed", String(on));
  }

  async #offerChoice() {
    const cameras = await this.#camera.choices();
    const choice = byId("camera-choice");
    choice.replaceChildren(...cameras.map(({ id, label }, place) => {
      const option = make("option", "", label || t("camera.nth", { count: place + 1 }));
      option.value = id;
      option.selected = id === this.#camera.id;
      return option;
    }));
    show(byId("camera-which"), cameras.length > 1);
  }

  // A camera that nobody looks at is put out: for the battery, and for the people before it.
  #seen() {
    if (document.hidden && this.#camera.isOn) this.#camera.close();
    else if (!document.hidden && !this.#camera.isOn && prefs.camera === "on") this.start();
  }

  #flash() {
    byId("lens").classList.add("seen");
    setTimeout(() => byId("lens").classList.remove("seen"), SEEN_MS);
  }

  #draw(state, why = "") {
    byId("lens").dataset.state = state;
    show(byId("lens-off"), state !== "on");
    show(byId("lens-tools"), state === "on");
    byId("camera-start").disabled = state === "starting";
    byId("lens-problem").textContent = why ? t(`camera.${why}`) : "";
    show(byId("lens-problem"), Boolean(why));
  }
}
