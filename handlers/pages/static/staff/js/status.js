// Whether the network is there, how much waits, and what the server refused afterwards.
import { addAgain } from "./deliver.js";
import { button, byId, icon, make, show } from "./dom.js";
import { spaced } from "./result.js";
import { onChange, queue, refused } from "./store.js";
import { number, refusal, t, when } from "./words.js";

export class Status {
  #away = null;

  // `send()` tries to send what waits now.
  constructor(send) {
    byId("status").addEventListener("click", () => byId("waiting").showModal());
    byId("send-now").addEventListener("click", send);
    byId("refused-clear").addEventListener("click", () => refused.clear());
    for (const event of ["online", "offline"]) window.addEventListener(event, () => this.draw());
    onChange(() => this.draw());
    this.draw();
  }

  // "offline", "signed_out", or null while the server answers.
  get away() { return this.#away; }
  set away(why) {
    if (why === this.#away) return;
    this.#away = why;
    this.draw();
  }

  async draw() {
    const waiting = await queue.count().catch(() => 0);
    const problems = await refused.all().catch(() => []);
    const state = this.#away ?? (navigator.onLine === false ? "offline" : "online");
    const pill = byId("status");
    pill.dataset.state = problems.length ? "refused" : state;
    const words = [t(`status.${state}`)];
    if (waiting) words.push(t("status.waiting", { count: waiting }));
    if (problems.length) words.push(t("status.refused", { count: problems.length }));
    byId("status-words").textContent = words.join(" · ");
    byId("waiting-count").textContent = waiting ? t("waiting.count", { count: waiting }) : t("waiting.none");
    show(byId("sign-in"), state === "signed_out");
    show(byId("send-now"), waiting > 0 && state !== "signed_out");
    this.#list(problems);
  }

  #list(problems) {
    show(byId("refused"), problems.length > 0);
    byId("refused-list").replaceChildren(...problems.map(row));
  }
}

function row(problem) {
  const { again, amount } = problem;
  const said = [when(problem.at), problem.number ? spaced(problem.number) : t("recent.card"), amount ? t("amount.said", { amount: number(amount) }) : ""];
  const words = make("div", "", make("p", "refused-who", said.filter(Boolean).join("  ")), make("p", "refused-line", problem.line || refusal("broken").line), make("p", "hint", problem.next));
  if (again) words.append(yes(problem));
  const done = button("round-button", () => refused.drop(problem.id), icon(again ? "close" : "check"));
  done.setAttribute("aria-label", again ? t("refused.skip") : t("refused.done"));
  return make("li", `refused-row tone-${problem.tone}`, words, done);
}

// By whoever may: where it is refused anew, it goes on waiting.
function yes(problem) {
  const record = button("small-button", () => { record.disabled = true; return addAgain(problem); }, icon("yen"), make("span", "", t("insist.amount", { count: problem.again.amount })));
  return record;
}
