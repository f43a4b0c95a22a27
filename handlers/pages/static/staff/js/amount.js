// An amount of the till: {amount, pointsUsed?, excluded?}, in yen. The last two are parts of it that bring
// no points, asked for where the programme knows them.
import { offered } from "./session.js";
import { number, t } from "./words.js";

const NAMES = ["amount", "pointsUsed", "excluded"];

// What the keypad asks for, the amount first: [{id, title}].
export function amountFields() {
  const { pointsUsed, excluded } = offered()?.purchase ?? {};
  return [
    { id: "amount", title: t("amount.title") },
    ...(pointsUsed ? [{ id: "pointsUsed", title: t("amount.points_used") }] : []),
    ...(excluded ? [{ id: "excluded", title: t("amount.excluded", { goods: excluded }) }] : []),
  ];
}

// The amount of a body that was sent with one.
export const amountIn = (body) => Object.fromEntries(NAMES.filter((name) => body[name]).map((name) => [name, body[name]]));

// "1,000円（うちポイント払い300円）": the whole, and its parts, which are empty for none.
export const amountWords = (value) => totalWords(value) + partsWords(value);
export const totalWords = ({ amount }) => t("amount.said", { amount: number(amount) });

export function partsWords(value) {
  const parts = amountFields().slice(1).filter(({ id }) => value[id]);
  const [one, other] = parts.map(({ id, title }) =>
    t("amount.part", { what: title, amount: t("amount.said", { amount: number(value[id]) }) }));
  if (!one) return "";
  return t("amount.of_it", { parts: other ? t("amount.both", { one, other }) : one });
}
