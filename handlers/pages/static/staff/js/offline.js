// What can be said of a code while the network is away: whose card it is, or that it is none.
import { cardNumber, isOfGoods, looksLikeNumber, openCard, selects } from "./codes.js";
import { publicKeys } from "./session.js";
import { refusal, t } from "./words.js";

// An answer in the server's form, with `keep`: whether the scan waits to be sent, for the network or
// (`why` "signed_out") for somebody to sign in.
export async function judge(item, why) {
  const number = cardNumber(item.body.code) ?? (await signedNumber(item.body.code));
  if (number) return { result: "offline", keep: true, tone: "info", ...taken(why, selects(item.body.code)), member: { number }, undoable: true, marks: [] };
  if (isOfGoods(item.body.code)) return no(refusal("goods"));
  return looksLikeNumber(item.body.code) ? no(refusal("mistyped")) : no(refusal("offline_unknown"));
}

// What is selected is handed out by the server alone: the visit is kept, and staff are told so.
function taken(why, asksReward) {
  if (asksReward) return { line: t(why === "signed_out" ? "offline.taken_out" : "offline.taken"), next: t("offline.selected"), tone: "warn" };
  if (why === "signed_out") return { line: t("offline.taken_out"), next: t("offline.taken_out_next") };
  return { line: t("offline.taken"), next: t("offline.taken_next") };
}

async function signedNumber(code) {
  const card = await openCard(code, publicKeys()).catch(() => null);
  return card?.number ?? null;
}

const no = (words) => ({ result: "unknown", keep: false, tone: "bad", ...words, undoable: false, marks: [] });
