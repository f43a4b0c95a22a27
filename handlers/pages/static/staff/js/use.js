// Handing out a reward on the card alone: a second look at whose it is, and a PIN where one is asked.
import { NotTaken, Offline, SignedOut, post } from "./api.js";
import { byId, show } from "./dom.js";
import { opened } from "./keypad.js";
import { cost, spaced } from "./result.js";
import { current } from "./session.js";
import { uuid } from "./uuid.js";
import { refusal, t } from "./words.js";

// The answer to what was handed out or refused; null if they were sent away. Never kept for later: where
// there was no connection the same is asked again, under the same id.
export async function handOut(member, reward) {
  let useId = uuid();
  let problem = "";
  let asksProof = reward.proof;
  for (;;) {
    const secret = await look(member, reward, asksProof, problem);
    if (secret === null) return null;
    const body = { useId, memberNumber: member.number, reward: reward.id, voucher: reward.voucher ?? null, secret };
    try {
      const answer = await post("redeem", body);
      if (!answer.unproven) return answer;
      [asksProof, problem, useId] = [true, answer.line, uuid()];
    } catch (away) {
      if (away instanceof NotTaken) return { tone: "bad", ...refusal("broken"), ...(away.answer?.line ? away.answer : {}) };
      if (!(away instanceof Offline || away instanceof SignedOut)) throw away;
      problem = away instanceof Offline ? t("use.offline") : refusal("signed_out").line;
    }
  }
}

// The answer to a perk that was given or refused; asked again under the same id, it is noted once.
export async function givePerk(member, perk) {
  const body = { giveId: uuid(), memberNumber: member.number, perk: perk.key };
  try {
    return await post("perk", body).catch((away) => {
      if (away instanceof Offline) return post("perk", body);
      throw away;
    });
  } catch (away) {
    if (away instanceof NotTaken) return { tone: "bad", ...refusal("broken"), ...(away.answer?.line ? away.answer : {}) };
    if (!(away instanceof Offline || away instanceof SignedOut)) throw away;
    const said = away instanceof Offline ? { line: t("perks.offline"), next: "" } : refusal("signed_out");
    return { tone: "bad", ...said };
  }
}

function look(member, reward, asksProof, problem) {
  const secret = byId("use-secret");
  byId("use-who").textContent = member.name || spaced(member.number);
  byId("use-what").textContent = reward.name;
  byId("use-cost").replaceChildren(cost(reward));
  byId("use-terms").textContent = (reward.terms ?? []).join(" · ");
  byId("use-how").textContent = member.onLine ? t("use.line") : member.name ? t("use.look") : t("use.nameless");
  byId("use-problem").textContent = problem;
  show(byId("use-problem"), Boolean(problem));
  const how = current()?.staff?.proof ?? "password";
  byId("use-secret-label").textContent = t(`use.${how}`);
  secret.inputMode = how === "pin" ? "numeric" : "text";
  secret.value = "";
  secret.required = asksProof;
  for (const node of [secret, byId("use-secret-label")]) show(node, asksProof);
  const { answer } = opened(byId("use"), { value: () => secret.value });
  (asksProof ? secret : byId("use-do")).focus();
  return answer;
}
