/* What the phone keeps: packets under lock, operations until the server has answered. */

import { openDB } from "./vendor/idb.js";

export const WAITING = "waiting";
export const UPLOADING = "uploading";
export const DONE = "done";
export const NEEDS_YOU = "needs_you";

let opened;

function database() {
  opened ??= openDB("guiyan-field", 1, {
    upgrade(db) {
      db.createObjectStore("settings");
      db.createObjectStore("packets", { keyPath: "key" });
      db.createObjectStore("pages", { keyPath: ["packet", "page"] });
      const outbox = db.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("order", "order");
      outbox.createIndex("subject", "subject_id");
    },
  });
  return opened;
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
    if (String(name).startsWith("part:")) await db.delete("settings", name);
  }
}

/** Add an operation; the transaction is durable before anybody is told that it is kept. */
export async function add(operation) {
  const db = await database();
  const work = db.transaction(["settings", "outbox"], "readwrite", { durability: "strict" });
  const order = ((await work.objectStore("settings").get("order")) ?? 0) + 1;
  await work.objectStore("settings").put(order, "order");
  await work.objectStore("outbox").put({ ...operation, order, state: WAITING });
  await work.done;
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
  return isHere;
}

/** How many are in which state: the honest numbers of the status line. */
export async function counts() {
  const found = { [WAITING]: 0, [UPLOADING]: 0, [DONE]: 0, [NEEDS_YOU]: 0 };
  for (const each of await operations()) found[each.state] += 1;
  return found;
}
