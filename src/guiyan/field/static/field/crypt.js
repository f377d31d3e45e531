/* The two locks: what is downloaded opens with the PIN, what identifies a person only at the server. */

import { dropAllPackets, forget, forgetBegun, keep, noteBegun, setting, tellOthers } from "./store.js";

export const TRIES = 5;
const ROUNDS = 310_000; // OWASP's figure for PBKDF2 with SHA-256 is of this order; a second on a cheap phone
const bytes = new TextEncoder();
const text = new TextDecoder();

let dataKey = null;

async function keyOf(pin, salt) {
  const secret = await crypto.subtle.importKey("raw", bytes.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/** Make this phone's key and lock it with the PIN. What was downloaded under an older key goes. */
export async function setPin(pin) {
  await dropAllPackets();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", fresh, await keyOf(pin, salt), { name: "AES-GCM", iv: nonce });
  await keep("lock", { salt, nonce, wrapped, tries: TRIES });
  noteBegun(0);
  await unlock(pin);
}

/** Open with the PIN. Answers how many tries are left (0: everything downloaded is wiped), or null when open. */
export async function unlock(pin) {
  const lock = await setting("lock");
  // The try is counted before it is made, so that switching the phone off gives no further ones.
  await keep("lock", { ...lock, tries: lock.tries - 1 });
  try {
    dataKey = await crypto.subtle.unwrapKey("raw", lock.wrapped, await keyOf(pin, lock.salt),
      { name: "AES-GCM", iv: lock.nonce }, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
    await keep("lock", { ...lock, tries: TRIES });
    return null;
  } catch {
    if (lock.tries - 1 > 0) return lock.tries - 1;
    await wipe();
    return 0;
  }
}

/** Key, token and packets go; sealed operations stay, since only the server can read them. */
export async function wipe() {
  dataKey = null;
  await dropAllPackets();
  await forget("lock");
  await forget("device");
  forgetBegun();
  tellOthers("reload");
}

export async function isSetUp() {
  return Boolean(await setting("lock")) && Boolean(await setting("device"));
}

export function isOpen() {
  return dataKey !== null;
}

export async function hide(value) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const hidden = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, dataKey, bytes.encode(JSON.stringify(value)));
  return { nonce, hidden };
}

export async function unhide({ nonce, hidden }) {
  return JSON.parse(text.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, dataKey, hidden)));
}
