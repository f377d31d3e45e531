/* The census at the door: the next premises, one tap when nobody is there to find, four fields when somebody is. */

import { button, day, field, fold, h, show, t } from "../field/dom.js";
import { voiceNote } from "../field/voice.js";

const VISIT = "census.visit";
const FOUND = "census.found";
const ADD = "census.add_premises";
const FORM = 1;
const LEFT = new Set(["not_visited", "closed"]);
// In the order of the buttons; the first two are what happens at nearly every door.
const OTHER = ["closed", "refused", "moved", "does_not_exist", "duplicate_of"];
const DAY_MS = 86_400_000;
const SHOWN = 40;

export const kinds = [VISIT, FOUND, ADD];
let bench;
let chosen = { area: null, street: null };
let told = null;

/** The page that the field opens on: the next premises, and how many are left in this street. */
export async function today(given) {
  bench = given;
  const heads = await bench.areas();
  if (!heads.length) return show(bench.place, h("h1", {}, t("census.no_area")), h("p", { class: "empty" }, t("census.no_area_how")));
  const head = heads.find((each) => each.key === chosen.area) ?? heads[0];
  const doors = await doorsOf(head);
  const streets = streetsOf(doors);
  const street = streets.find((each) => each.name === chosen.street && each.left) ?? streets.find((each) => each.left) ?? streets[0];
  chosen = { area: head.key, street: street?.name ?? null };
  const here = doors.filter((each) => each.street === chosen.street);
  const next = here.find(isDue) ?? here.find(isLeft);
  const left = doors.filter(isLeft).length;
  show(bench.place,
    h("h1", {}, street?.name ? t("census.street_left", { street: street.name, n: street.left }) : t("census.left", { n: left })),
    h("p", { class: "quiet" }, t("census.area_left", { area: head.name, n: left, all: doors.length })),
    toldNow(),
    next ? nextCard(head, next) : h("p", { class: "empty" }, left ? t("census.street_done") : t("census.area_done")),
    h("div", { class: "pair" }, button(t("census.search"), () => search(head), "plain"), button(t("census.add"), () => addDoor(head), "plain")),
    street && listOf(head, here.filter((each) => each !== next)),
    streets.length > 1 && streetList(streets),
    heads.length > 1 && areaList(heads, head));
  bench.atHome();
}

/** Each door as the list has it, with what this phone has said of it since. */
async function doorsOf(head) {
  const said = new Map();
  const added = [];
  for (const operation of await bench.operations()) {
    if (operation.outcome === "refused") continue;
    if (operation.kind === VISIT || operation.kind === FOUND) said.set(operation.subject_id, operation);
    if (operation.kind === ADD && operation.area_id === head.area_id) added.push(doorOf(operation));
  }
  const listed = await bench.records(head);
  const known = new Set(listed.map((each) => each.id));
  const doors = [...listed, ...added.filter((each) => !known.has(each.id))];
  return doors.map((door) => withSaid(door, said.get(door.id))).sort(byStreet);
}

function doorOf(operation) {
  return { id: operation.subject_id, version: null, code: "", street: "", house: 0, state: "not_visited", visit_id: null, ...operation.body };
}

/** What this phone said since it took the list rules on this phone. */
function withSaid(door, operation) {
  if (!operation) return door;
  const { state, come_back_on = null } = operation.kind === FOUND ? { state: "members_found" } : operation.body;
  return { ...door, state, come_back_on, visit_id: operation.id };
}

function byStreet(one, other) {
  return one.street.localeCompare(other.street, "zh") || one.house - other.house || one.name.localeCompare(other.name, "zh");
}

function isLeft(door) {
  return LEFT.has(door.state);
}

function isDue(door) {
  return door.state === "not_visited" || (door.state === "closed" && (door.come_back_on ?? "") <= day(new Date()));
}

function streetsOf(doors) {
  const found = new Map();
  for (const door of doors) {
    const street = found.get(door.street) ?? { name: door.street, left: 0, all: 0 };
    street.all += 1;
    if (isLeft(door)) street.left += 1;
    found.set(door.street, street);
  }
  return [...found.values()];
}

function nextCard(head, door) {
  return h("section", { class: "card next", "aria-label": t("census.next") },
    h("p", { class: "quiet" }, t("census.next")),
    h("b", {}, door.name),
    h("p", {}, door.address),
    door.code && h("p", { class: "quiet" }, door.code),
    door.noted && h("p", { class: "note warn" }, t(`census.noted.${door.noted}`)),
    door.state === "closed" && h("p", { class: "quiet" }, t("census.was_closed", { day: door.come_back_on ?? "" })),
    answers(head, door));
}

/** What may be said of a door: nobody there to find is one tap. */
function answers(head, door) {
  return [
    h("div", { class: "pair" },
      button(t("census.state.none_found"), () => say(head, door, { state: "none_found" })),
      button(t("census.state.members_found"), () => found(head, door))),
    h("div", { class: "pair" }, OTHER.map((state) => button(t(`census.state.${state}`), () => more(head, door, state), "plain"))),
  ];
}

function more(head, door, state) {
  if (state === "closed") return whenAgain(head, door);
  if (state === "refused") return whyRefused(head, door);
  if (state === "duplicate_of") return sameAs(head, door);
  return say(head, door, { state });
}

/** Keep it, say so with a way to take it back, and go on to the next door. */
async function say(head, door, body, sound = null) {
  await bench.record({
    sound,
    kind: VISIT, version: FORM, area_id: head.area_id, subject_id: door.id, base_version: door.version,
    supersedes: isLeft(door) ? null : door.visit_id, body: { ...body, visited_on: day(new Date()) },
  });
  await goOn(head, door, body.state);
}

async function goOn(head, door, state) {
  told = { text: t("census.kept", { name: door.name, state: t(`census.state.${state}`) }), door, head };
  await today(bench);
}

function toldNow() {
  if (!told) return null;
  const { text, door, head } = told;
  const note = h("div", { class: "note undo", role: "status" }, h("span", {}, text),
    button(t("census.change"), () => { told = null; openDoor(head, door.id); }, "plain"));
  told = null;
  return note;
}

/** One door by itself: what is known of it and what may be said, also to mend a slip. */
async function openDoor(head, id) {
  const door = (await doorsOf(head)).find((each) => each.id === id);
  show(bench.place,
    h("h1", {}, door.name),
    h("p", {}, door.address),
    h("p", { class: "quiet" }, [door.code, t(`census.state.${door.state}`)].filter(Boolean).join(" · ")),
    answers(head, door),
    button(t("back"), () => today(bench), "plain"));
}

function whenAgain(head, door) {
  const after = (days) => day(new Date(Date.now() + days * DAY_MS));
  const friday = after(((5 - new Date(day(new Date())).getUTCDay() + 7) % 7) || 7);
  const voice = voiceNote();
  const choose = async (when) => say(head, door, { state: "closed", come_back_on: when }, await voice.take());
  show(bench.place,
    h("h1", {}, t("census.when_again", { name: door.name })),
    button(t("census.tomorrow"), () => choose(after(1))),
    button(t("census.friday"), () => choose(friday), "plain"),
    button(t("census.next_week"), () => choose(after(7)), "plain"),
    h("form", { submit: (event) => { event.preventDefault(); choose(new FormData(event.target).get("when")); } },
      field(t("census.other_day"), "when", { type: "date", required: true, min: day(new Date()), value: after(2) }),
      h("button", { class: "button plain" }, t("census.that_day"))),
    voice.part,
    button(t("back"), () => today(bench), "plain"));
}

function whyRefused(head, door) {
  const voice = voiceNote();
  const choose = async (reason) => say(head, door, { state: "refused", reason }, await voice.take());
  show(bench.place,
    h("h1", {}, t("census.why_refused", { name: door.name })),
    ["busy", "owner_away", "unwilling"].map((code) => button(t(`census.refused.${code}`), () => choose(t(`census.refused.${code}`)), "plain")),
    voice.part,
    button(t("back"), () => today(bench), "plain"));
}

async function sameAs(head, door) {
  const pick = (other) => say(head, door, { state: "duplicate_of", duplicate_of: other.id });
  await search(head, { title: t("census.same_as", { name: door.name }), without: door.id, pick });
}

/** Somebody was found: at most four fields, sealed before they are kept. No ID number, no file. */
function found(head, door, wrong = "", given = {}, voice = voiceNote()) {
  show(bench.place,
    h("h1", {}, t("census.who", { name: door.name })),
    h("p", { class: "quiet" }, t("census.who_why")),
    h("form", { submit: async (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(event.target));
      if (!said.name.trim() && !said.phone.trim()) return found(head, door, t("census.name_or_phone"), said, voice);
      await bench.record({
        sound: await voice.take(),
        kind: FOUND, version: FORM, area_id: head.area_id, subject_id: door.id, base_version: door.version,
        body: { standing_id: door.id, visited_on: day(new Date()) }, sealed: said,
      });
      return goOn(head, door, "members_found");
    } },
    field(t("census.name"), "name", { value: given.name ?? "", maxlength: "60" }, { error: wrong }),
    field(t("census.phone"), "phone", { value: given.phone ?? "", type: "tel", maxlength: "30" }),
    field(t("census.home"), "home", { value: given.home ?? "", maxlength: "60" }, { hint: t("census.home_hint") }),
    field(t("census.note"), "note", { value: given.note ?? "", maxlength: "120" }, { hint: t("census.note_hint") }),
    voice.part,
    h("button", { class: "button" }, t("census.keep"))),
    button(t("back"), () => today(bench), "plain"));
}

/** A shop that no list knows: its name and address, nobody's name. */
function addDoor(head, wrong = "", given = {}) {
  show(bench.place,
    h("h1", {}, t("census.add")),
    h("form", { submit: async (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(event.target));
      if (!said.name.trim()) return addDoor(head, t("census.name_needed"), said);
      await bench.record({ kind: ADD, version: FORM, area_id: head.area_id, subject_id: crypto.randomUUID(), body: { name: said.name.trim(), address: said.address.trim() } });
      told = null;
      return today(bench);
    } },
    field(t("census.shop_name"), "name", { value: given.name ?? "", maxlength: "120" }, { error: wrong }),
    field(t("census.address"), "address", { value: given.address ?? chosen.street ?? "", maxlength: "160" }),
    h("button", { class: "button" }, t("census.keep"))),
    button(t("back"), () => today(bench), "plain"));
}

/** By name, street or shop number, as one types. */
async function search(head, { title = t("census.search"), without = null, pick = (door) => openDoor(head, door.id) } = {}) {
  const doors = (await doorsOf(head)).filter((each) => each.id !== without);
  const places = doors.map((door) => ({ door, text: fold(`${door.name}${door.address}${door.street}${door.code}`) }));
  const list = h("ul", { class: "list", "aria-live": "polite" });
  const fill = (asked) => {
    const wanted = fold(asked);
    const hits = places.filter(({ text }) => text.includes(wanted)).slice(0, SHOWN);
    list.replaceChildren(...(hits.length ? hits.map(({ door }) => line(door, pick)) : [h("li", {}, t("census.no_hit"))]));
  };
  show(bench.place, h("h1", {}, title),
    field(t("census.search_what"), "asked", { type: "search", input: (event) => fill(event.target.value) }),
    list, button(t("back"), () => today(bench), "plain"));
  fill("");
  bench.place.querySelector("#f-asked").focus();
}

function line(door, pick) {
  return h("li", {}, h("button", { type: "button", class: "row", click: () => pick(door) },
    h("span", {}, h("b", {}, door.name), h("br"), h("span", { class: "hint" }, door.address)),
    h("span", { class: "quiet" }, t(`census.state.${door.state}`))));
}

function listOf(head, doors) {
  if (!doors.length) return null;
  return [h("h2", {}, t("census.in_street")), h("ul", { class: "list" }, doors.map((door) => line(door, (each) => openDoor(head, each.id))))];
}

function streetList(streets) {
  return [h("h2", {}, t("census.streets")), h("ul", { class: "list" }, streets.map((street) => h("li", {},
    h("button", { type: "button", class: "row", click: () => { chosen.street = street.name; today(bench); } },
      h("span", {}, street.name || t("census.no_street")),
      h("span", { class: "quiet" }, t("census.n_left", { n: street.left })))))) ];
}

function areaList(heads, present) {
  return [h("h2", {}, t("census.areas")), h("ul", { class: "list" }, heads.filter((each) => each !== present).map((head) => h("li", {},
    h("button", { type: "button", class: "row", click: () => { chosen = { area: head.key, street: null }; today(bench); } }, head.name))))];
}

/** How one waiting operation is called on the page of uploads. */
export function nameOf(operation) {
  if (operation.kind === VISIT) return t("census.op_visit", { state: t(`census.state.${operation.body.state}`) });
  if (operation.kind === ADD) return t("census.op_add", { name: operation.body.name });
  return t("census.op_found");
}
