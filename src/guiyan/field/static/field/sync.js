/* Up and down the line: operations are pushed until each has its answer, areas are pulled page by page. */

import { hide, unhide, wipe } from "./crypt.js";
import { t } from "./dom.js";
import { ask, Stopped } from "./link.js";
import {
  DONE, dropPacket, keep, keepPacket, keepPart, letGo, mark, NEEDS_YOU, operations, packet, pagesOf,
  setting, UPLOADING, WAITING, waiting,
} from "./store.js";
import { bytesOf, textOf } from "./text.js";

const IN_A_BATCH = 50;
const ON_A_PAGE = 100;
const SOON_MS = 800;
const AGAIN_MS = [10_000, 30_000, 120_000, 300_000];
const TAKEN_IN = new Set([200, 202]);
const SEAL_INFO = "guiyan field box v1";
const STATEMENT = "guiyan statement v1\0";  // what the server puts before everything that it signs
const utf8 = new TextEncoder();

/** What is sent of an operation: what the protocol names, and nothing that is this phone's own. */
export function asSent({ id, kind, version, area_id, subject_id, base_version, after, supersedes, at_device, body, sealed }) {
  return { id, kind, version, area_id, subject_id, base_version, after, supersedes, at_device, body, sealed: sealed ?? "" };
}

/** Which packet each area was taken with: the server sees that the work was done on a list of its own.
    Kept apart from the packets, because what was written outlives them. */
export async function tokens() {
  return (await setting("tokens")) ?? {};
}

/** Seal for the server alone: a passing key pair, HKDF, AES-GCM, bound to `context`. */
export async function seal(value, context) {
  const server = await setting("server_key");
  const point = await crypto.subtle.importKey("raw", bytesOf(server.point), { name: "ECDH", namedCurve: "P-256" }, false, []);
  const passing = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const own = await crypto.subtle.exportKey("raw", passing.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, passing.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: own, info: utf8.encode(SEAL_INFO) },
    base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8.encode(context) }, key, utf8.encode(JSON.stringify(value)));
  return [server.id, textOf(own), textOf(nonce), textOf(box)].join(".");
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
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  async work() {
    this.isUploading = true;
    try {
      await this.told();
      const device = await setting("device");
      await this.push(device);
      const changed = await this.pull(device);
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
    const pause = error.retry_s ? error.retry_s * 1000 : AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)];
    this.message = error.retry_s ? t("server_busy", { s: error.retry_s }) : "";
    this.failures += 1;
    this.soon(pause);
  }

  async push(device) {
    for (let batch = await waiting(IN_A_BATCH); batch.length; batch = await waiting(IN_A_BATCH)) {
      await mark(Object.fromEntries(batch.map((each) => [each.id, { state: UPLOADING }])));
      await this.told();
      const unsent = (await operations()).filter((each) => each.state !== DONE).length;
      const answer = await ask(device, "/api/field/operations", { method: "POST", body: {
        operations: batch.map(asSent), clock: new Date().toISOString(), unsent, packets: await tokens(),
      } });
      const { results } = await answer.json();
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

  async pull(device) {
    if (!(await setting("server_key"))) await this.fetchKey(device);
    const listing = await (await ask(device, "/api/field/packets")).json();
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

  async fetchKey(device) {
    const { id, point, signing_keys } = await (await ask(device, "/api/field/key")).json();
    await keep("server_key", { id, point, signing_keys });
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
        answer = await (await ask(device, `${address}?${query}&size=${ON_A_PAGE}`)).json();
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
