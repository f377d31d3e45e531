/* What the phone keeps: packets under lock, operations until the server has answered. */

import { openDB } from "./vendor/idb.js";

export const WAITING = "waiting";
export const UPLOADING = "uploading";
export const DONE = "done";
export const NEEDS_YOU = "needs_you";

const NAME = "guiyan-field";
const FORM = 2;
const BEGUN = "guiyan-field-begun";  // beside the database, so that its loss is noticed
// Windows of one phone tell each other what they changed.
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
let opened;

/** Nothing was kept; `code` is the word for why: no room, the storage was taken away, or another fault. */
export class NotKept extends Error {
  constructor(cause) {
    super(cause?.message, { cause });
    this.code = /Quota/.test(cause?.name) ? "not_kept_full" : "not_kept";
  }
}

function database() {
  opened ??= openDB(NAME, FORM, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("settings");
        db.createObjectStore("packets", { keyPath: "key" });
        db.createObjectStore("pages", { keyPath: ["packet", "page"] });
        const outbox = db.createObjectStore("outbox", { keyPath: "id" });
        outbox.createIndex("order", "order");
        outbox.createIndex("subject", "subject_id");
      }
      if (before < 2) db.createObjectStore("spoken", { keyPath: "id" });
    },
    blocked: () => happened("blocked"),
    // Taken away from under us, or to be raised to a newer form by another window.
    blocking(_now, _next, event) {
      event.target.close();
      opened = undefined;
      happened("gone");
    },
    terminated() {
      opened = undefined;
      happened("gone");
    },
  });
  return opened;
}

function happened(what) {
  dispatchEvent(new CustomEvent("guiyan-store", { detail: what }));
}

/** Tell the other windows of this phone: "changed", or "reload" when the lock is another one. */
export function tellOthers(what) {
  others?.postMessage(what);
}

export function hearOthers(heard) {
  others?.addEventListener("message", ({ data }) => heard(data));
}

/** That this phone was begun, and how much waited last: so that an empty storage is not taken for a new phone. */
export function noteBegun(unsent) {
  localStorage.setItem(BEGUN, JSON.stringify({ unsent, at: Date.now() }));
}

export function forgetBegun() {
  localStorage.removeItem(BEGUN);
}

/** Whether this phone was begun once: its outbox outlives the lock. */
export async function isBegun() {
  return Boolean(await setting("lock") || await setting("order"));
}

/** What waited when the browser took the storage away; null when nothing was lost. */
export async function lost() {
  const said = localStorage.getItem(BEGUN);
  if (!said || await isBegun()) return null;
  return JSON.parse(said);
}

export async function setting(name) {
  return (await database()).get("settings", name);
}

export async function keep(name, value) {
  return (await database()).put("settings", value, name);
}

export async function forget(name) {
  return (await database()).delete("settings", name);
}

export async function packets() {
  return (await database()).getAll("packets");
}

export async function packet(key) {
  return (await database()).get("packets", key);
}

/** Replace a packet and its pages in one transaction: a half-loaded area is never seen. */
export async function keepPacket(head, pages) {
  const db = await database();
  const work = db.transaction(["packets", "pages"], "readwrite");
  work.objectStore("pages").delete(IDBKeyRange.bound([head.key, 0], [head.key, Infinity]));
  pages.forEach((page, number) => work.objectStore("pages").put({ packet: head.key, page: number, ...page }));
  work.objectStore("packets").put(head);
  await work.done;
}

export async function pagesOf(key) {
  return (await database()).getAll("pages", IDBKeyRange.bound([key, 0], [key, Infinity]));
}

/** How far an area has come down a line that breaks; `null` when it is whole. */
export async function keepPart(key, part) {
  const db = await database();
  if (part) await db.put("settings", part, `part:${key}`);
  else await db.delete("settings", `part:${key}`);
}

/** The area is no longer ours: its packet goes; what was written for it stays in the outbox. */
export async function dropPacket(key) {
  const db = await database();
  const work = db.transaction(["packets", "pages"], "readwrite");
  work.objectStore("pages").delete(IDBKeyRange.bound([key, 0], [key, Infinity]));
  work.objectStore("packets").delete(key);
  await work.done;
}

/** Everything that can be downloaded again. The outbox is never among it. */
export async function dropAllPackets() {
  const db = await database();
  const work = db.transaction(["packets", "pages"], "readwrite");
  work.objectStore("pages").clear();
  work.objectStore("packets").clear();
  await work.done;
  for (const name of await db.getAllKeys("settings")) {
    if (String(name).startsWith("part:") || name === "inbox") await db.delete("settings", name);
  }
}

/** Add an operation, after the last one on the same thing, with what was said beside it. The
    transaction is durable before anybody is told that it is kept. Throws NotKept. */
export async function add(operation, note = null) {
  let work;
  try {
    const db = await database();
    work = db.transaction(["settings", "outbox", "spoken"], "readwrite", { durability: "strict" });
    const [settings, outbox, spoken] = ["settings", "outbox", "spoken"].map((name) => work.objectStore(name));
    const before = (await outbox.index("subject").getAll(operation.subject_id))
      .filter((each) => each.state !== NEEDS_YOU)
      .sort((one, other) => one.order - other.order);
    const order = ((await settings.get("order")) ?? 0) + 1;
    await settings.put(order, "order");
    await outbox.put({ ...operation, after: before.at(-1)?.id ?? null, order, state: WAITING });
    if (note) await spoken.put({ ...note, operation_id: operation.id, order });
    await work.done;
  } catch (error) {
    work?.done.catch(() => {});
    throw new NotKept(error);
  }
  tellOthers("changed");
}

/** What was said beside operations and has not come to the server, in order. */
export async function spokenNotes() {
  return (await (await database()).getAll("spoken")).sort((one, other) => one.order - other.order);
}

export async function keepSpoken(note) {
  return (await database()).put("spoken", note);
}

export async function dropSpoken(id) {
  return (await database()).delete("spoken", id);
}

/** A refused operation that its person has dealt with goes, and what was said beside it. */
export async function discard(id) {
  const db = await database();
  const work = db.transaction(["outbox", "spoken"], "readwrite");
  for (const note of await work.objectStore("spoken").getAll()) {
    if (note.operation_id === id) work.objectStore("spoken").delete(note.id);
  }
  work.objectStore("outbox").delete(id);
  await work.done;
  tellOthers("changed");
}

export async function operations() {
  return (await database()).getAllFromIndex("outbox", "order");
}

export async function operationsOn(subject) {
  const found = await (await database()).getAllFromIndex("outbox", "subject", subject);
  return found.sort((one, other) => one.order - other.order);
}

export async function waiting(limit) {
  const all = await operations();
  return all.filter((each) => each.state === WAITING || each.state === UPLOADING).slice(0, limit);
}

/** Change what is known of some operations: `changes` maps an id to its new parts. */
export async function mark(changes) {
  const db = await database();
  const work = db.transaction("outbox", "readwrite", { durability: "strict" });
  for (const [id, parts] of Object.entries(changes)) {
    const present = await work.store.get(id);
    if (present) await work.store.put({ ...present, ...parts });
  }
  await work.done;
  tellOthers("changed");
}

/** Acknowledged operations whose effect the area's own pages show by now are let go. */
export async function letGo(ids) {
  const db = await database();
  const work = db.transaction("outbox", "readwrite");
  for (const id of ids) work.store.delete(id);
  await work.done;
}

/** Take back what was recorded by a slip, while it has not left the phone. Answers whether it has gone. */
export async function takeBack(id) {
  const db = await database();
  const work = db.transaction("outbox", "readwrite", { durability: "strict" });
  const present = await work.store.get(id);
  const isHere = present?.state === WAITING;
  if (isHere) work.store.delete(id);
  await work.done;
  tellOthers("changed");
  return isHere;
}

/** How many are in which state, and how many notes by voice: the honest numbers of the status line. */
export async function counts() {
  const found = { [WAITING]: 0, [UPLOADING]: 0, [DONE]: 0, [NEEDS_YOU]: 0, spoken: 0 };
  for (const each of await operations()) found[each.state] += 1;
  for (const each of await spokenNotes()) found[each.problem ? NEEDS_YOU : "spoken"] += 1;
  return found;
}
