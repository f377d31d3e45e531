/* The line to the server: who is signed in, this phone's own token, and requests that say what went wrong. */

import { unhide } from "./crypt.js";
import { textOf } from "./text.js";

const PATIENCE_MS = 30_000;

/** An answer that stops the work: `told` is for the person, `retry_s` says when to come again. */
export class Stopped extends Error {
  constructor(told, { status = 0, retry_s = 0, code = "" } = {}) {
    super(told);
    this.told = told;
    this.status = status;
    this.code = code;
    this.retry_s = retry_s;
  }
}

/** Who is signed in at the server, or null without a line. */
export async function whoAmI() {
  try {
    const answer = await fetch("/field/me", { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? answer.json() : null;
  } catch {
    return null;
  }
}

/** Ask for a token of this phone's own, as the person who is signed in; its key signs hand-over files. */
export async function issueDevice(me) {
  const own = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const point = await crypto.subtle.exportKey("raw", own.publicKey);
  const answer = await fetch("/api/field/devices", {
    method: "POST", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { "Content-Type": "application/json", "X-CSRFToken": me.csrf, "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({ description: nameOfPhone(), public_key: textOf(point) }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Stopped(told.detail, { status: answer.status });
  return { id: told.id, token: told.token, name: told.account_name, organisation: told.organisation_name, screens: me.screens, sign: own.privateKey };
}

function nameOfPhone() {
  const found = /\(([^)]+)\)/.exec(navigator.userAgent);
  return (found?.[1] ?? "").split(";").slice(-1)[0].trim().slice(0, 60);
}

/** A request with this phone's token. Throws Stopped, or the network's own error when there is no line. */
export async function ask(device, path, { method = "GET", body = null, bytes = null, etag = "" } = {}) {
  const headers = { Authorization: `Bearer ${await unhide(device.token)}` };
  if (body) headers["Content-Type"] = "application/json";
  if (bytes) headers["Content-Type"] = "application/octet-stream";
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(path, {
    method, headers, body: bytes ?? (body && JSON.stringify(body)), credentials: "omit", cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 304 || answer.ok) return answer;
  const retry_s = Number(answer.headers.get("Retry-After")) || 0;
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // A proxy's page instead of an answer: the status says enough.
  }
  throw new Stopped(problem.detail ?? "", { status: answer.status, retry_s, code: problem.code });
}
