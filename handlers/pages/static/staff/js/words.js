// The page's words, in the language of who stands at the counter; the server gives them as JSON.
const told = document.getElementById("words");
const words = told ? JSON.parse(told.textContent) : {};
// The same as a newer programme has them.
export const learn = (newer) => Object.assign(words, newer);
export const lang = document.documentElement.lang === "en" ? "en" : "ja";

const forms = new Intl.PluralRules(lang);
const whole = new Intl.NumberFormat(lang);
const clock = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric" });

export const number = (value) => whole.format(value);

// "14:30", with the day before it if that isn't today.
export function when(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return today ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}

// Why not, and what to do, by the refusal's code; both are given to us as the server says them.
export const refusal = (code) => ({ line: t(`refusal.${code}.why`), next: t(`refusal.${code}.then`) });

// Whether there is such a text: the server may tell of more than this page has words for.
export const knows = (key) => key in words;

// A language without a form of its own for one (Japanese) may still say exactly one in another way.
function formOf(text, count) {
  const form = typeof count === "number" ? forms.select(count) : "other";
  if (form in text && form !== "other") return form;
  return count === 1 && text.one ? "one" : "other";
}

// The text `key`, filled in; a table of forms is chosen from by `count`.
export function t(key, values = {}) {
  const text = words[key];
  if (text === undefined) throw new Error(`there is no text "${key}"`);
  const form = typeof text === "string" ? text : text[formOf(text, values.count)];
  return form.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name]));
}
