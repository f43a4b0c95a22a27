// What is on today: campaigns that run by themselves, and those that staff switch on at one tap.
import { switchCampaign } from "./deliver.js";
import { button, byId, icon, make, show } from "./dom.js";
import { feel } from "./feedback.js";
import { campaigns, learnCampaigns } from "./session.js";
import { queue } from "./store.js";
import { t } from "./words.js";

export class OnToday {
  #told;
  #shown;

  // `told(answer)` for what was not switched, or waits; `shown()` is what the page shows large.
  constructor({ told, shown }) {
    this.#told = told;
    this.#shown = shown;
    this.draw();
  }

  // As the server said it last, and what this device has still to tell it.
  async draw() {
    const waiting = (await queue.all().catch(() => [])).filter(({ kind }) => kind === "switch");
    const mine = new Map(waiting.map(({ body }) => [body.campaign, body.on]));
    const shown = campaigns().map((each) => ({ ...each, on: mine.get(each.id) ?? each.on }));
    const focused = document.activeElement?.dataset?.campaign;
    byId("on-today-list").replaceChildren(...shown.map((each) => make("li", "", each.switch ? this.#switch(each) : runs(each))));
    show(byId("on-today"), shown.length > 0);
    if (focused) document.querySelector(`[data-campaign="${focused}"]`)?.focus();
  }

  #switch(each) {
    const state = make("span", "campaign-state", each.on ? t("campaigns.on") : t("campaigns.off"));
    // The second of two quick taps means no other thing than the first.
    const tap = ({ detail }) => { if (detail < 2) this.#tap(each); };
    const node = button("campaign", tap, icon(each.on ? "check" : "today"), make("b", "", each.name), state);
    node.dataset.campaign = each.id;
    node.setAttribute("aria-pressed", each.on);
    return node;
  }

  async #tap({ id, name, on }) {
    const before = this.#shown();
    const sent = switchCampaign(id, !on);
    await this.draw();
    const answer = await sent;
    if (answer.campaigns) learnCampaigns(answer.campaigns);
    await this.draw();
    // That it waits must not cover who was scanned since.
    const isCovered = answer.away && this.#shown() !== before;
    if (answer.result !== "switched" && !isCovered) this.#told(answer);
    if (answer.result === "refused" || answer.tone === "bad") return;
    feel("good");
    byId("said").textContent = on ? t("campaigns.ended", { name }) : t("campaigns.begun", { name });
  }
}

const runs = ({ name }) => make("span", "campaign runs", icon("check"), make("b", "", name));
