/* Up and down the line: operations are pushed until each has its answer, areas are pulled page by page. */

import { hide, unhide, wipe } from "./crypt.js";
import { heardClock, t } from "./dom.js";
import { ask, Stopped } from "./link.js";
import {
  DONE, dropPacket, dropSpoken, keep, keepPacket, keepPart, keepSpoken, letGo, mark, NEEDS_YOU, operations,
  packet, pagesOf, setting, spokenNotes, tellOthers, UPLOADING, WAITING, waiting,
} from "./store.js";
import { bytesOf, textOf } from "./text.js";

// At most so many operations, records, bytes of sound in one call, and on a line that breaks fewer,
// so that each call that comes through has brought something for good.
const IN_A_BATCH = 50;
const ON_A_PAGE = 100;
const LEAST_ON_A_PAGE = 3;
const IN_A_PIECE = 16_384;
const LEAST_SHARE = 1 / 32;
const TRIES_OF_A_NOTE = 3;
const ONE_WINDOW = "guiyan-field-sync";
const SOON_MS = 800;
const AGAIN_MS = [10_000, 30_000, 120_000, 300_000];
const TAKEN_IN = new Set([200, 202]);
const REFUSED = new Set([404, 409, 413, 422]);
const KEY_GOOD_MS = 86_400_000;
// Taken in by the server, where a person decides; nothing is to be done on the phone.
export const WITH_SOMEBODY = new Set(["conflict", "quarantined", "held"]);
const SEAL_INFO = "guiyan field box v1";
const STATEMENT = "guiyan statement v1\0";  // what the server puts before everything that it signs
const utf8 = new TextEncoder();

/** What is sent of an operation: what the protocol names, and nothing that is this phone's own. */
export function asSent({ id, kind, version, area_id, subject_id, base_version, after, supersedes, at_device, body, sealed, spoken }) {
  const sent = { id, kind, version, area_id, subject_id, base_version, after, supersedes, at_device, body, sealed: sealed ?? "" };
  return spoken ? { ...sent, spoken } : sent;
}

/** Which packet each area was taken with: the server sees that the work was done on a list of its own.
    Kept apart from the packets, because what was written outlives them. */
export async function tokens() {
  return (await setting("tokens")) ?? {};
}

/** Seal for the server alone: a passing key pair, HKDF, AES-GCM, bound to `context`. */
export async function seal(value, context) {
  const { server, own, nonce, box } = await sealed(utf8.encode(JSON.stringify(value)), context);
  return [server.id, textOf(own), textOf(nonce), textOf(box)].join(".");
}

/** What was said, sealed as bytes, and what its operation says of it. */
export async function sealSpoken(sound) {
  const id = crypto.randomUUID();
  const { server, own, nonce, box } = await sealed(sound, `${id}|spoken`);
  const whole = new Uint8Array(await new Blob([server.id, own, nonce, box]).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  const digest = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { note: { id, box: whole, came: 0 }, named: { id, digest, size: whole.length } };
}

async function sealed(plain, context) {
  const server = await setting("server_key");
  const point = await crypto.subtle.importKey("raw", bytesOf(server.point), { name: "ECDH", namedCurve: "P-256" }, false, []);
  const passing = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const own = await crypto.subtle.exportKey("raw", passing.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, passing.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: own, info: utf8.encode(SEAL_INFO) },
    base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8.encode(context) }, key, plain);
  return { server, own, nonce, box };
}

export class Sync {
  constructor({ told, gone }) {
    this.told = told;
    this.gone = gone;
    this.isUploading = false;
    this.running = null;
    this.failures = 0;
    this.timer = null;
    this.message = "";
    this.share = 1;
  }

  seal(value, id, kind) {
    return seal(value, `${id}|${kind}`);
  }

  /** After something was recorded: a moment later, so that a few go together. */
  soon(ms = SOON_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), ms);
  }

  /** Push what waits, then pull what is newer. Answers whether an area on the phone changed.
      Whoever asks while it runs waits for the same run. */
  run() {
    this.running ??= this.alone().finally(() => { this.running = null; });
    return this.running;
  }

  /** Of several windows of a phone one is on the line; the others go after it and find nothing left. */
  alone() {
    if (!navigator.locks) return this.work();
    return navigator.locks.request(ONE_WINDOW, () => this.work());
  }

  /** So much of `most` as the line bears at present. */
  some(most, least = 1) {
    return Math.max(least, Math.floor(most * this.share));
  }

  came() {
    this.share = Math.min(1, this.share * 1.25);
  }

  async work() {
    this.isUploading = true;
    try {
      await this.told();
      const device = await setting("device");
      await this.push(device);
      await this.pushSpoken(device);
      const changed = await this.pull(device);
      if (changed) tellOthers("changed");
      this.failures = 0;
      this.message = "";
      await keep("last_upload", Date.now());
      return changed;
    } catch (error) {
      await this.stopped(error);
      return false;
    } finally {
      this.isUploading = false;
      await this.told();
    }
  }

  /** No answer is no outcome: what was on its way waits again, under the same id. */
  async stopped(error) {
    console.warn(error.name, error.message);  // a line that broke, or a fault of ours: one looks here
    const onTheirWay = (await operations()).filter((each) => each.state === UPLOADING);
    await mark(Object.fromEntries(onTheirWay.map((each) => [each.id, { state: WAITING }])));
    if (error instanceof Stopped && error.status === 401) {
      await keep("signed_out", error.code || "device-expired");
      if (error.code === "device-revoked") await wipe();
      this.gone();
      return;
    }
    if (!(error instanceof Stopped)) this.share = Math.max(LEAST_SHARE, this.share / 2);
    const pause = error.retry_s ? error.retry_s * 1000 : AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)];
    this.message = error.retry_s ? t("server_busy", { s: error.retry_s }) : /Quota/.test(error.name) ? t("not_fetched_full") : "";
    this.failures += 1;
    this.soon(pause);
  }

  async push(device) {
    const next = () => waiting(this.some(IN_A_BATCH));
    for (let batch = await next(); batch.length; batch = await next()) {
      await mark(Object.fromEntries(batch.map((each) => [each.id, { state: UPLOADING }])));
      await this.told();
      const unsent = (await operations()).filter((each) => each.state !== DONE).length;
      const answer = await ask(device, "/api/field/operations", { method: "POST", body: {
        operations: batch.map(asSent), clock: new Date().toISOString(), unsent, packets: await tokens(),
      } });
      const { results } = await answer.json();
      this.came();
      const changes = Object.fromEntries(results.map((result) => [batch[result.place].id, stateAfter(result)]));
      // A refused one leaves nothing at the server, so what came after it goes without it.
      const refused = new Set(results.filter((each) => !TAKEN_IN.has(each.status)).map((each) => batch[each.place].id));
      for (const each of await operations()) {
        if (refused.has(each.after) && each.state === WAITING) changes[each.id] = { ...changes[each.id], after: null };
      }
      await mark(changes);
      await this.told();
    }
  }

  /** What was said follows its operation, from the byte that the server has. */
  async pushSpoken(device) {
    const waits = new Set((await operations()).filter((each) => each.state !== DONE).map((each) => each.id));
    for (const note of await spokenNotes()) {
      if (note.problem || waits.has(note.operation_id)) continue;
      try {
        await this.sendNote(device, note);
      } catch (error) {
        if (!REFUSED.has(error.status)) throw error;
        await keepSpoken({ ...note, problem: error.told || t("voice_not_taken") });
      }
      await this.told();
    }
  }

  async sendNote(device, note) {
    let tries = 0;
    for (let at = note.came; tries < TRIES_OF_A_NOTE;) {
      const bytes = note.box.slice(at, at + this.some(IN_A_PIECE, 1024));
      const said = await (await ask(device, `/api/field/spoken/${note.id}/${at}`, { method: "PUT", bytes })).json();
      this.came();
      if (said.is_whole) return dropSpoken(note.id);
      if (said.came <= at) tries += 1;  // it began anew, or was further back than we thought
      at = said.came;
      await keepSpoken({ ...note, came: at });
    }
    throw new Stopped(t("voice_not_taken"), { status: 409 });
  }

  async pull(device) {
    const key = await setting("server_key");
    if (!key || !(Math.abs(Date.now() - key.at) < KEY_GOOD_MS)) await this.fetchKey(device);
    await this.hearOfOwn(device);
    const listing = await (await ask(device, "/api/field/packets")).json();
    heardClock(listing.server_clock);
    let changed = false;
    for (const { kind, id } of listing.gone) {
      await dropPacket(`${kind}/${id}`);
      changed = true;
    }
    for (const area of listing.areas) {
      const key = `${area.kind}/${area.id}`;
      const present = await packet(key);
      const isGood = present && present.version === area.version && Date.parse(present.expires_at) - Date.now() > 7 * 86_400_000;
      if (isGood) await this.forgetDone(area.id);
      else changed = (await this.pullArea(device, key, area, present)) || changed;
    }
    return changed;
  }

  /** The key is renewed at the server; one that is asked for each day is never one that has ended. */
  async fetchKey(device) {
    const { id, point, signing_keys } = await (await ask(device, "/api/field/key")).json();
    await keep("server_key", { id, point, signing_keys, at: Date.now() });
  }

  /** What became of what a person had to decide; it names doors, so it is kept under the lock. */
  async hearOfOwn(device) {
    const inbox = await (await ask(device, "/api/field/inbox")).json();
    await keep("inbox", await hide(inbox));
    const undecided = new Set(inbox.own.map((each) => each.id));
    const decided = (await operations()).filter((each) => each.state === DONE && WITH_SOMEBODY.has(each.outcome) && !undecided.has(each.id));
    await letGo(decided.map((each) => each.id));
  }

  /** One area: whole at first, later what changed. A broken line goes on where it broke. */
  async pullArea(device, key, area, present) {
    const since = present?.version ?? 0;
    const address = `/api/field/packets/${area.kind}/${area.id}`;
    const part = await setting(`part:${key}`);
    let pages = part?.since === since ? part.pages : [];
    let next = part?.since === since ? part.next : "";
    do {
      const query = next ? `after=${encodeURIComponent(next)}` : `since=${since}`;
      let answer;
      try {
        answer = await (await ask(device, `${address}?${query}&size=${this.some(ON_A_PAGE, LEAST_ON_A_PAGE)}`)).json();
        this.came();
      } catch (error) {
        if (error.status !== 422) throw error;
        await keepPart(key, null);  // the place where it broke is no longer known: from the start
        return this.pullArea(device, key, area, present);
      }
      await this.verify(answer);
      pages.push(await hide(answer.page));
      next = answer.next;
      await keepPart(key, next ? { since, pages, next } : null);
    } while (next);
    const inside = [];
    for (const page of pages) inside.push(JSON.parse(await unhide(page)));
    await this.replace(key, area, present, inside);
    await this.forgetDone(area.id);
    return true;
  }

  async replace(key, area, present, inside) {
    const last = inside.at(-1);
    const records = new Map();
    if (last.since) for (const old of await recordsOf(key)) records.set(old.id, old);
    for (const page of inside) {
      for (const record of page.records) records.set(record.id, record);
      for (const gone of page.tombstones) records.delete(gone.id);
    }
    const all = [...records.values()];
    const hidden = [];
    for (let start = 0; start < all.length; start += ON_A_PAGE) hidden.push(await hide(all.slice(start, start + ON_A_PAGE)));
    await keepPacket({ key, kind: area.kind, area_id: area.id, name: area.name, version: last.version, expires_at: last.expires }, hidden);
    await keep("tokens", { ...await tokens(), [area.id]: last.token });
  }

  /** The page was written by this server. Browsers without Ed25519 rely on the encrypted line alone. */
  async verify({ page, signature, key_id }) {
    if (!(await setting("server_key")).signing_keys[key_id]) await this.fetchKey(await setting("device"));
    const raw = (await setting("server_key")).signing_keys[key_id];
    if (!raw) throw new Stopped(t("forged"));
    let key;
    try {
      key = await crypto.subtle.importKey("raw", bytesOf(raw), "Ed25519", false, ["verify"]);
    } catch {
      return;
    }
    if (!await crypto.subtle.verify("Ed25519", key, bytesOf(signature), utf8.encode(STATEMENT + page))) throw new Stopped(t("forged"));
  }

  /** What the server has answered and the list shows by now needs no place on the phone. */
  async forgetDone(areaId) {
    await letGo((await operations()).filter((each) => each.state === DONE && each.area_id === areaId).map((each) => each.id));
  }
}

async function recordsOf(key) {
  const records = [];
  for (const page of await pagesOf(key)) records.push(...await unhide(page));
  return records;
}

function stateAfter({ status, state, version, message }) {
  if (TAKEN_IN.has(status)) return { state: DONE, outcome: state, result_version: version };
  return { state: NEEDS_YOU, outcome: status === 409 ? "different" : "refused", message };
}
