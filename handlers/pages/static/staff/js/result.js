// The big result: who it is, what today brought, what to say; to be read from where one stands.
import { button, byId, icon, make, show } from "./dom.js";
import { knows, number, t } from "./words.js";

const pointsName = () => byId("desk").dataset.points;
export const SIGN = { good: "check", info: "info", warn: "alert", bad: "cross" };

// "1234567897" as the card prints it.
export const spaced = (digits) => digits.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");

// `again`: what is said where its code was read twice, and counts once; else empty.
export function draw(answer, { undo, insist, close, use, give, again }) {
  const member = answer.member ?? null;
  const node = byId("result");
  node.className = `result tone-${answer.tone}`;
  node.style.setProperty("--rank-start", member?.rank?.colours?.[0] ?? "transparent");
  node.style.setProperty("--rank-end", member?.rank?.colours?.[1] ?? "transparent");
  node.replaceChildren(
    head(answer, close),
    again ? flag("info", again, "again") : "",
    member ? person(member) : "",
    make("div", "result-body", ...parts(answer, member, { use, give })),
    foot(answer, { undo, insist }),
  );
  show(node, true);
  // Whoever had scrolled down to the last actions sees it from its head.
  if (node.getBoundingClientRect().top < 0) node.scrollIntoView();
  byId("desk").dataset.showing = "result";
  byId("said").textContent = again || spoken(answer, member);
}

export function clear() {
  show(byId("result"), false);
  byId("result").replaceChildren();
  byId("desk").dataset.showing = "";
}

function head(answer, close) {
  const shut = button("round-button result-close", close, icon("close"));
  shut.setAttribute("aria-label", t("close"));
  const sign = make("span", "result-sign", icon(SIGN[answer.tone] ?? "info"));
  const next = answer.next ? make("p", "result-next", answer.next) : null;
  return make("header", "result-head", sign, make("h2", "result-line", answer.line), shut, next);
}

function person(member) {
  const name = member.name ? titled(member.name) : [spaced(member.number)];
  const who = make("p", "result-name", pageLink(member.page, ...name));
  const facts = make("p", "result-facts");
  if (member.rank) facts.append(make("span", "rank", make("span", "rank-medal"), member.rank.name));
  if (member.points !== undefined && member.points !== null) facts.append(make("span", "result-points", make("b", "", number(member.points)), make("span", "unit", pointsName())));
  if (member.name && member.number) facts.append(make("span", "result-number", spaced(member.number)));
  return make("div", "result-person", who, facts.childNodes.length ? facts : null);
}

function parts(answer, member, { use, give }) {
  const found = [];
  if (answer.selected?.length) found.push(make("ul", "selected", ...answer.selected.map(selected)));
  if (answer.brought) found.push(flag("yen", answer.brought, "brought"));
  for (const limit of answer.limits ?? []) found.push(flag("info", limit, "limit"));
  if (member?.today?.length) found.push(make("ul", "today", ...member.today.map((one) => make("li", "", one))));
  if (member?.say) found.push(make("p", "say", icon("talk"), make("span", "spoken", t("say")), make("span", "", member.say)));
  if (member?.birthday) found.push(flag("cake", member.birthday === "month" ? t("birthday_month") : t("birthday"), "birthday"));
  if (member?.note) found.push(flag("note", member.note, "note"));
  if (member?.expiring) found.push(flag("wait", member.expiring, "mark"));
  if (member?.blocked) found.push(flag("alert", t("blocked"), "blocked"));
  if (member?.stamps) found.push(stamps(member.stamps));
  if (member?.perks?.length) found.push(perks(member.perks, give));
  if (member?.rewards?.length) found.push(rewards(member, use));
  if (answer.marks?.length) found.push(make("ul", "marks", ...answer.marks.filter((mark) => knows(`mark.${mark}`)).map((mark) => make("li", "", t(`mark.${mark}`)))));
  return found;
}

// What the member had selected: what to hand over, or why not and what to do.
function selected({ done, line, next }) {
  const words = make("span", "", make("b", "", line), next ? make("small", "", next) : "");
  return make("li", done ? "selected-done" : "selected-not", icon(done ? "gift" : "alert"), words);
}

// To the member's page; the words alone where the server told none.
export function pageLink(page, ...words) {
  if (!page) return make("span", "", ...words);
  const link = make("a", "page-link", ...words);
  link.href = page;
  return link;
}

// 様 stands back behind the name.
function titled(name) {
  const found = /^(.+?)(様|さん)$/u.exec(name);
  return found ? [found[1], make("span", "result-sama", found[2])] : [name];
}

const flag = (sign, words, kind) => make("p", `flag flag-${kind}`, icon(sign), make("span", "", words));

function rewards({ rewards: ready, onLine }, use) {
  const rows = ready.map((one) => {
    const open = button("small-button", () => use(one), t("use.open"));
    open.setAttribute("aria-label", t("use.open_this", { reward: one.name }));
    return make("li", "", make("span", "", one.name, cost(one), ...terms(one)), open);
  });
  const how = onLine ? t("rewards_how") : t("rewards_look");
  return make("section", "ready", make("h3", "", icon("gift"), t("rewards")), make("ul", "", ...rows), make("p", "hint", how));
}

// What their rank brings: what staff take off, and what they hand over and say so.
function perks(all, give) {
  const rows = all.map((one) => {
    const done = one.last && make("small", "perk-given", icon("check"), t("perks.given", { day: one.last }));
    const tap = one.due && button("small-button", () => give(one), t("perks.give"));
    if (tap) tap.setAttribute("aria-label", t("perks.give_this", { perk: one.name }));
    return make("li", "", make("span", "", make("b", "", one.name), one.how ? make("small", "term", one.how) : "", done || ""), tap || "");
  });
  return make("section", "ready perks", make("h3", "", icon("gift"), t("perks.title")), make("ul", "", ...rows));
}

// To the page on which an old card of stamps is moved onto theirs.
function stamps(page) {
  const link = make("a", "", icon("note"), t("stamps"));
  link.href = page;
  return make("p", "stamps-link", link);
}

// What it is, and its conditions.
const terms = (one) => (one.terms ?? []).map((term) => make("small", "term", term));

export function cost({ cost: points, voucher, until }) {
  const words = voucher ? t("voucher") : t("use.cost", { count: points, points: pointsName() });
  return make("span", "cost", until ? `${words}・${t("use.until", { day: until })}` : words);
}

function foot(answer, { undo, insist }) {
  const sure = answer.insist && button("undo-button", insist, icon(answer.again ? "yen" : "undo"), t(`insist.${answer.insist}`, { count: answer.again?.amount }));
  const back = answer.undoable && button("undo-button", undo, icon("undo"), make("span", "", t("undo.do"), answer.undoes ? make("small", "undoes", answer.undoes) : ""));
  return sure || back ? make("footer", "result-foot", sure || "", back || "") : "";
}

// What a screen reader says: the line, the name, and what is to be said to the customer.
function spoken(answer, member) {
  const name = member?.name || member?.number;
  const handed = (answer.selected ?? []).map((one) => one.line);
  return [answer.line, name, ...handed, answer.brought, ...(answer.limits ?? []), member?.rank?.name, member?.say, answer.next].filter(Boolean).join(t("pause"));
}
