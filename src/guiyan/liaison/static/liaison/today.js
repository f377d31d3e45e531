/* Keeping in touch: whom to call or visit today, one number to dial, three taps to record it. */

import { button, day, field, fold, h, show, t } from "../field/dom.js";
import { setting } from "../field/store.js";

const CONTACT = "liaison.contact";
const UNDO = "liaison.undo_contact";
const FORM = 1;
const CLEARS = ["residence", "work", "mind", "registration", "organisation_life", "difficulty"];
const WAYS = ["call", "visit", "wechat", "sms", "letter", "told_by_other"];
const WHY = ["no_answer", "wrong_number", "no_phone", "away", "refused"];
const SAYERS = ["member", "family", "organisation", "seen"];
// Sealed, an operation may not be larger than the server takes: about 300 characters of Chinese.
const LONGEST_SEALED = 960;
const SHOWN = 40;

export const kinds = [CONTACT, UNDO];
let bench;
let told = null;

/** The page that the field opens on: who is due, who is next, and everybody else by name. */
export async function today(given) {
  bench = given;
  const [head] = await bench.areas();
  if (!head) return show(bench.place, h("h1", {}, t("contacts.nobody")), h("p", { class: "empty" }, t("contacts.nobody_how")));
  const people = await peopleOf(head);
  const due = people.filter((each) => each.due.length);
  const coming = people.filter((each) => !each.due.length && each.coming.length);
  const others = people.filter((each) => !each.due.length && !each.coming.length);
  show(bench.place,
    h("h1", {}, due.length ? t("contacts.today", { n: due.length }) : t("contacts.nobody_today")),
    toldNow(),
    due.length ? listOf(due) : h("p", { class: "empty" }, t("contacts.all_done")),
    coming.length > 0 && [h("h2", {}, t("contacts.coming")), listOf(coming)],
    others.length > 0 && [h("h2", {}, t("contacts.others")), listOf(others.slice(0, SHOWN))],
    h("p", { class: "quiet" }, head.name),
    button(t("contacts.search"), () => search(head), "plain"));
  bench.atHome();
}

/** Each member with what is due today (each kind once: one contact does last month's and this one's)
    and what opens later, less what this phone has recorded since. */
async function peopleOf(head) {
  const said = new Map();
  const taken = new Set();
  for (const operation of await bench.operations()) {
    if (operation.outcome === "refused") continue;
    if (operation.kind === UNDO) taken.add(operation.supersedes);
    if (operation.kind === CONTACT) said.set(operation.subject_id, [...(said.get(operation.subject_id) ?? []), operation]);
  }
  const now = day(new Date());
  const people = (await bench.records(head)).map((record) => {
    const own = (said.get(record.id) ?? []).filter((each) => !taken.has(each.id));
    const owed = record.owed.filter((one) => (!one.expires_on || one.expires_on >= now) && !own.some((each) => does(each, one)));
    const due = owed.filter((one, place) => one.opens_on <= now && owed.findIndex(({ kind }) => kind === one.kind) === place);
    return { ...record, head, own, due, coming: owed.filter((one) => one.opens_on > now) };
  });
  return people.sort((one, other) => first(one).localeCompare(first(other)) || one.name.localeCompare(other.name, "zh"));
}

/** Only a contact that reached the member does what was asked for on its day; which does what, the list says. */
function does({ body, at_device }, owed) {
  const on = body.on ?? day(new Date(at_device));
  const isInTime = owed.opens_on <= on && (!owed.expires_on || on <= owed.expires_on);
  return body.was_reached && isInTime && owed.ways.includes(body.how) && (body.was_talk || !owed.needs_talk);
}

function first(person) {
  const days = (person.due.length ? person.due : person.coming).map((one) => one.due_on);
  return days.sort()[0] ?? "9999";
}

function listOf(people) {
  return h("ul", { class: "list" }, people.map((each) => h("li", {},
    h("button", { type: "button", class: "row", click: () => person(each.head, each.id) },
      h("span", {}, h("b", {}, each.name), h("br"), h("span", { class: isLate(each) ? "error" : "hint" }, owedLine(each))),
      each.own.length > 0 && h("span", { class: "quiet" }, t("contacts.waits"))))));
}

function isLate(person) {
  return person.due.some((one) => one.due_on < day(new Date()));
}

/** The most pressing first; the rest stands on the member's own page. */
function owedLine(person) {
  const [one] = person.due.length ? person.due : person.coming;
  if (one) return owedText(one);
  return lastText(person);
}

function owedText(one) {
  const now = day(new Date());
  const what = t(`contacts.owed.${one.kind}`);
  if (one.opens_on > now) return t("contacts.from_day", { what, day: short(one.opens_on) });
  return t(one.due_on < now ? "contacts.overdue" : "contacts.due_by", { what, day: short(one.due_on) });
}

function short(iso) {
  return iso.slice(5);
}

function lastText({ last }) {
  return last ? t("contacts.last", { day: last.on, how: t(`contacts.way.${last.how}`) }) : t("contacts.never");
}

/** One member: what is due, the number to dial, and what came of it. */
async function person(head, id, from = today) {
  const one = (await peopleOf(head)).find((each) => each.id === id);
  if (!one) return today(bench);
  const isShared = one.phones.some((phone) => phone.is_shared);
  show(bench.place,
    h("h1", {}, one.name),
    facts(one),
    one.note && h("p", { class: "note warn" }, t("contacts.secretary", { note: one.note })),
    isShared && await script(one),
    dials(one),
    h("div", { class: "pair" },
      button(t("contacts.reached"), () => keep(one, { how: "call", was_reached: true })),
      button(t("contacts.visited"), () => keep(one, { how: "visit", was_reached: true }))),
    h("div", { class: "pair" },
      button(t("contacts.missed"), () => whyMissed(one), "plain"),
      button(t("contacts.more"), () => more(one), "plain")),
    button(t("back"), () => from(bench), "plain"));
}

function facts(one) {
  const lines = [
    ...one.due.map((each) => h("p", { class: each.due_on < day(new Date()) ? "error" : "" }, owedText(each))),
    ...one.coming.map((each) => h("p", { class: "quiet" }, owedText(each))),
    h("p", { class: "quiet" }, lastText(one)),
    one.relief && h("p", {}, one.relief.is_exempt ? t("contacts.exempt") : t("contacts.paused", { day: one.relief.until })),
    one.languages.length > 0 && h("p", { class: "quiet" }, t("contacts.speaks", { languages: one.languages.map((code) => t(`contacts.language.${code}`)).join("、") })),
    one.reads_little && h("p", { class: "quiet" }, t("contacts.reads_little")),
    one.address && h("p", { class: "quiet" }, t("contacts.lives", { address: one.address })),
  ];
  return h("section", { class: "card" }, lines.filter(Boolean));
}

/** What may be said when somebody else picks up: who calls, and never what about. */
async function script(one) {
  const caller = (await setting("device"))?.name ?? "";
  return h("section", { class: "note warn" },
    h("b", {}, t("contacts.only_say")),
    h("p", {}, t("contacts.script", { name: one.name, caller })),
    h("p", { class: "quiet" }, t("contacts.only_say_why")));
}

function dials(one) {
  if (!one.phones.length) return h("p", { class: "note warn" }, t("contacts.no_phone"));
  return one.phones.map((phone) => {
    if (!phone.number) return h("p", { class: "quiet" }, t("contacts.masked", { mask: phone.mask }));
    const text = phone.is_shared
      ? t("contacts.call_of", { number: phone.shown, whose: phone.relation || t("contacts.other") })
      : t("contacts.call", { number: phone.shown });
    return h("a", { class: "button plain", href: `tel:${phone.number}` }, text);
  });
}

function whyMissed(one) {
  const how = one.phones.length ? "call" : "visit";
  const say = (why_not) => keep(one, { how, was_reached: false, why_not });
  show(bench.place,
    h("h1", {}, t("contacts.why_missed", { name: one.name })),
    WHY.map((code) => button(t(`contacts.why.${code}`), () => say(code), "plain")),
    button(t("contacts.why_unknown"), () => say(""), "plain"),
    button(t("back"), () => person(one.head, one.id), "plain"));
}

/** Keep it, say so with a way to take it back, and go on with the list. */
async function keep(one, body, sealed = null) {
  const id = await bench.record({
    kind: CONTACT, version: FORM, area_id: one.head.area_id, subject_id: one.id, base_version: one.version, body, sealed,
  });
  told = { id, one, text: t("contacts.kept", { name: one.name, what: whatCame(body) }) };
  await today(bench);
}

function whatCame(body) {
  if (!body.was_reached) return t("contacts.missed");
  return body.how === "visit" ? t("contacts.visited") : t("contacts.reached");
}

function toldNow() {
  if (!told) return null;
  const { id, one, text } = told;
  told = null;
  return h("div", { class: "note undo", role: "status" }, h("span", {}, text), id && button(t("contacts.undo"), () => undo(id, one), "plain"));
}

/** Before it was uploaded it simply goes; afterwards another operation takes it back. */
async function undo(id, one) {
  if (!await bench.takeBack(id)) {
    await bench.record({ kind: UNDO, version: FORM, area_id: one.head.area_id, subject_id: one.id, supersedes: id });
  }
  told = { text: t("contacts.undone", { name: one.name }), one };
  await today(bench);
}

/** Another way, a talk, the six clears, help, the next day: all of it may be left empty. */
function more(one, wrong = {}, given = {}) {
  show(bench.place,
    h("h1", {}, t("contacts.more_of", { name: one.name })),
    h("form", { submit: (event) => { event.preventDefault(); submit(one, Object.fromEntries(new FormData(event.target))); } },
      choice(t("contacts.how"), "how", WAYS.map((code) => [code, t(`contacts.way.${code}`)]), given.how ?? (one.phones.length ? "call" : "visit"), t("contacts.told_reached")),
      choice(t("contacts.result"), "result", [["yes", t("contacts.reached")], ["no", t("contacts.missed")]], given.result ?? "yes"),
      tick(t("contacts.talk"), "was_talk", given.was_talk),
      field(t("contacts.on"), "on", { type: "date", required: true, max: day(new Date()), value: given.on ?? day(new Date()) }),
      words(t("contacts.note"), "note", given.note, { hint: t("contacts.note_hint"), error: wrong.note }),
      field(t("contacts.next_on"), "next_on", { type: "date", min: day(new Date(Date.now() + 86_400_000)), value: given.next_on ?? "" }),
      h("h2", {}, t("contacts.clears")),
      h("p", { class: "quiet" }, t("contacts.clears_why")),
      CLEARS.map((code) => words(t(`contacts.clear.${code}`), code, given[code], { hint: hintOf(one, code), error: wrong[code] })),
      choice(t("contacts.said_by"), "said_by", SAYERS.map((code) => [code, t(`contacts.sayer.${code}`)]), given.said_by ?? "member"),
      tick(t("contacts.help"), "asks_help", given.asks_help),
      h("button", { class: "button" }, t("contacts.keep"))),
    button(t("back"), () => person(one.head, one.id), "plain"));
  bench.place.querySelector(".has-error textarea")?.focus();
}

/** Nothing is asked that is already known: as of when, and whether it is time to ask again. */
function hintOf(one, code) {
  const known = one.clears[code];
  if (!known) return t(`contacts.asks.${code}`);
  return t(known.is_stale ? "contacts.stale" : "contacts.known", { day: known.as_of });
}

function choice(label, name, options, chosen, hint = "") {
  const id = `f-${name}`;
  return h("div", { class: "field" }, h("label", { for: id }, label),
    h("select", { id, name, "aria-describedby": hint ? `${id}-hint` : null }, options.map(([code, text]) => h("option", { value: code, selected: code === chosen }, text))),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint));
}

function tick(label, name, isOn) {
  return h("fieldset", {}, h("label", {}, h("input", { type: "checkbox", name, checked: Boolean(isOn) }), label));
}

function words(label, name, value, { hint = "", error = "" } = {}) {
  const id = `f-${name}`;
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return h("div", { class: error ? "field has-error" : "field" }, h("label", { for: id }, label),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    error && h("p", { class: "error", id: `${id}-error` }, error),
    h("textarea", { id, name, rows: "2", maxlength: "300", "aria-describedby": said || null, "aria-invalid": error ? "true" : null }, value ?? ""));
}

async function submit(one, given) {
  const sealed = {};
  for (const name of ["note", ...CLEARS]) if (given[name].trim()) sealed[name] = given[name].trim();
  if (given.asks_help && !sealed.difficulty) return more(one, { difficulty: t("contacts.help_needs") }, given);
  const hasWords = Object.keys(sealed).length > 0;
  if (hasWords) sealed.said_by = given.said_by;
  if (new TextEncoder().encode(JSON.stringify(sealed)).length > LONGEST_SEALED) {
    const longest = Object.keys(sealed).sort((a, b) => sealed[b].length - sealed[a].length)[0];
    return more(one, { [longest]: t("contacts.too_long") }, given);
  }
  const body = { how: given.how, was_reached: given.result === "yes", was_talk: Boolean(given.was_talk), asks_help: Boolean(given.asks_help) };
  if (given.on !== day(new Date())) body.on = given.on;
  if (given.next_on) body.next_on = given.next_on;
  return keep(one, body, hasWords ? sealed : null);
}

/** Anybody on the list, as one types. */
async function search(head) {
  const people = await peopleOf(head);
  const place = h("div", { "aria-live": "polite" });
  const fill = (asked) => {
    const hits = people.filter((each) => fold(each.name).includes(fold(asked))).slice(0, SHOWN);
    place.replaceChildren(hits.length ? listOf(hits) : h("p", { class: "empty" }, t("contacts.no_hit")));
  };
  show(bench.place, h("h1", {}, t("contacts.search")),
    field(t("contacts.search"), "asked", { type: "search", input: (event) => fill(event.target.value) }),
    place, button(t("back"), () => today(bench), "plain"));
  fill("");
  bench.place.querySelector("#f-asked").focus();
}

/** How one waiting operation is called on the page of uploads; it tells of nobody. */
export function nameOf(operation) {
  if (operation.kind === UNDO) return t("contacts.op_undo");
  return t("contacts.op", { how: t(`contacts.way.${operation.body.how}`), what: whatCame(operation.body) });
}
