/* The line that is always there, and the page behind it: four honest words and how many. */

import { button, h, show, t } from "./dom.js";
import { unhide } from "./crypt.js";
import { counts, discard, DONE, dropSpoken, NEEDS_YOU, noteBegun, operations, setting, spokenNotes, UPLOADING, WAITING } from "./store.js";
import { WITH_SOMEBODY } from "./sync.js";

/** Say what stands: being uploaded, waiting, needing a person, or all uploaded. */
export async function tell(line, { isUploading, message }) {
  const found = await counts();
  const unsent = found[WAITING] + found[UPLOADING];
  const parts = [];
  if (isUploading && unsent) parts.push(t("uploading", { n: unsent }));
  else if (unsent) parts.push(t("waiting", { n: unsent }));
  if (found.spoken) parts.push(t("voice_waiting", { n: found.spoken }));
  if (found[NEEDS_YOU]) parts.push(t("needs_you", { n: found[NEEDS_YOU] }));
  if (!parts.length) parts.push(t("uploaded"));
  if (message) parts.push(message);
  const told = parts.join(" · ");
  if (line.textContent !== told) line.textContent = told;
  line.hidden = false;
  line.dataset.state = found[NEEDS_YOU] ? "needs" : unsent + found.spoken ? "waiting" : "uploaded";
  await badge(unsent);
  if (await setting("lock")) noteBegun(unsent + found.spoken);
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

/** What has not been taken in yet, one by one, and what each needs; what a person decided or has to. */
export async function statusPage(place, { back, upload, again, names }) {
  const open = (await operations()).filter((each) => each.state !== DONE || WITH_SOMEBODY.has(each.outcome));
  const notes = await spokenNotes();
  const hidden = await setting("inbox");
  const inbox = hidden ? await unhide(hidden) : { own: [], declined: [], to_decide: 0 };
  const last = await setting("last_upload");
  show(place,
    h("h1", {}, t("status")),
    h("p", {}, last ? t("last_upload", { at: new Date(last).toLocaleString() }) : t("never_uploaded")),
    await keptFor(),
    inbox.to_decide > 0 && toDecide(inbox.to_decide),
    open.length > 0 && h("ul", { class: "list" }, open.map((each) => line(each, names, again))),
    notes.length > 0 && [h("h2", {}, t("voices")), h("ul", { class: "list" }, notes.map((each) => noteLine(each, again)))],
    inbox.declined.length > 0 && [h("h2", {}, t("declined")), h("ul", { class: "list" }, inbox.declined.map((each) =>
      h("li", {}, h("b", {}, each.said), h("p", {}, t("declined_why", { why: each.told })))))],
    open.length || notes.length ? button(t("upload_now"), upload) : h("p", { class: "empty" }, t("nothing_waits")),
    button(t("back"), back, "plain"));
}

/** Deciding is done on the pages, with a line and a sign-in of one's own. */
function toDecide(n) {
  return h("section", { class: "note warn" }, h("p", {}, t("to_decide", { n })),
    h("a", { class: "button plain", href: "/w/field/inbox" }, t("to_decide_inbox")),
    h("a", { class: "button plain", href: "/w/field/conflicts" }, t("to_decide_conflicts")));
}

function line(each, names, again) {
  const needsYou = each.state === NEEDS_YOU;
  return h("li", {}, h("b", {}, names(each)), h("p", { class: needsYou ? "error" : "quiet" }, why(each)),
    needsYou && [h("p", { class: "quiet" }, t("discard_when")), sure(t("discard"), () => discard(each.id).then(again))]);
}

function noteLine(note, again) {
  if (!note.problem) return h("li", {}, t("voice_part", { came: Math.round(note.came / 1024), size: Math.ceil(note.box.length / 1024) }));
  return h("li", {}, h("p", { class: "error" }, note.problem), sure(t("discard"), () => dropSpoken(note.id).then(again)));
}

/** Pressed twice, because there is no way back. */
function sure(text, act) {
  return button(text, ({ target }) => {
    target.replaceWith(button(t("discard_sure"), act, "danger"));
  }, "plain");
}

function why(operation) {
  if (operation.state === NEEDS_YOU) return operation.message || t(`outcome.${operation.outcome}`);
  if (operation.state === DONE) return t(`outcome.${operation.outcome}`);
  return t("kept_at", { at: new Date(operation.at_device).toLocaleString() });
}

/** Whether the browser promises to keep what is on the phone; said before it could be lost. */
export async function keptFor({ isSaidAlways = false } = {}) {
  if (await isPersisted()) return isSaidAlways && h("p", { class: "note" }, t("is_kept"));
  const note = h("section", { class: "note warn" }, h("p", {}, t("may_be_evicted")), button(t("ask_to_keep"), async () => {
    const promised = await askToKeep();
    note.replaceChildren(h("p", { role: "status" }, t(promised ? "is_kept" : "still_not_kept")));
    note.classList.toggle("warn", !promised);
  }, "plain"));
  return note;
}

export async function isPersisted() {
  return Boolean(navigator.storage?.persisted && await navigator.storage.persisted());
}

/** Ask the browser to keep the storage. Answers whether it will. */
export async function askToKeep() {
  if (!navigator.storage?.persist) return false;
  return (await isPersisted()) || navigator.storage.persist();
}
