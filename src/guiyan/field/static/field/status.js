/* The line that is always there, and the page behind it: four honest words and how many. */

import { button, h, show, t } from "./dom.js";
import { counts, DONE, NEEDS_YOU, operations, setting, UPLOADING, WAITING } from "./store.js";

// Taken in by the server, where a person decides; nothing is to be done on the phone.
const WITH_SOMEBODY = { conflict: true, quarantined: true, held: true };

/** Say what stands: being uploaded, waiting, needing a person, or all uploaded. */
export async function tell(line, { isUploading, message }) {
  const found = await counts();
  const unsent = found[WAITING] + found[UPLOADING];
  const parts = [];
  if (isUploading && unsent) parts.push(t("uploading", { n: unsent }));
  else if (unsent) parts.push(t("waiting", { n: unsent }));
  if (found[NEEDS_YOU]) parts.push(t("needs_you", { n: found[NEEDS_YOU] }));
  if (!parts.length) parts.push(t("uploaded"));
  if (message) parts.push(message);
  const told = parts.join(" · ");
  if (line.textContent !== told) line.textContent = told;
  line.hidden = false;
  line.dataset.state = found[NEEDS_YOU] ? "needs" : unsent ? "waiting" : "uploaded";
  await badge(unsent);
}

/** The number on the icon of the installed page, where the phone has such a thing. */
async function badge(unsent) {
  if (!("setAppBadge" in navigator)) return;
  try {
    await (unsent ? navigator.setAppBadge(unsent) : navigator.clearAppBadge());
  } catch {
    // A browser may have the call and refuse it; the line says the same.
  }
}

/** What has not been taken in yet, one by one, and what each needs. */
export async function statusPage(place, { back, upload, names }) {
  const all = await operations();
  const open = all.filter((each) => each.state !== DONE || each.outcome in WITH_SOMEBODY);
  const last = await setting("last_upload");
  show(place,
    h("h1", {}, t("status")),
    h("p", {}, last ? t("last_upload", { at: new Date(last).toLocaleString() }) : t("never_uploaded")),
    await keptFor(),
    h("ul", { class: "list" }, open.map((each) => h("li", {},
      h("b", {}, names(each)),
      h("p", { class: each.state === NEEDS_YOU ? "error" : "quiet" }, why(each))))),
    open.length ? button(t("upload_now"), upload) : h("p", { class: "empty" }, t("nothing_waits")),
    button(t("back"), back, "plain"));
}

function why(operation) {
  if (operation.state === NEEDS_YOU) return operation.message || t(`outcome.${operation.outcome}`);
  if (operation.state === DONE) return t(`outcome.${operation.outcome}`);
  return t("kept_at", { at: new Date(operation.at_device).toLocaleString() });
}

/** Whether the browser promises to keep what is on the phone; said before it could be lost. */
export async function keptFor() {
  if (await isPersisted()) return null;
  return h("p", { class: "note warn", role: "note" }, t("may_be_evicted"));
}

export async function isPersisted() {
  return Boolean(navigator.storage?.persisted && await navigator.storage.persisted());
}

/** Ask the browser to keep the storage. Answers whether it will. */
export async function askToKeep() {
  if (!navigator.storage?.persist) return false;
  return (await isPersisted()) || navigator.storage.persist();
}
