/* The field: enters, keeps the status line true, uploads when there is a line, shows the screens. */

import { unhide } from "./crypt.js";
import { button, h, setWords, show, standing, t } from "./dom.js";
import { enter } from "./entrance.js";
import { handOver } from "./handover.js";
import { issueDevice, whoAmI } from "./link.js";
import { askToKeep, keptFor, statusPage, tell } from "./status.js";
import { add, counts, dropPacket, hearOthers, isBegun, NotKept, operations, operationsOn, packets, pagesOf, setting, takeBack } from "./store.js";
import { sealSpoken, Sync } from "./sync.js";

const page = JSON.parse(document.getElementById("shell").textContent);
const place = document.getElementById("content");
const line = document.getElementById("status");
const tabs = document.getElementById("screens");
const alarm = document.getElementById("alarm");
const UPLOAD_EVERY_MS = 60_000;

setWords(page.words);

/** What a screen gets: its areas, their records, a way to record something, and a way back. */
class Bench {
  constructor(screen, sync, refresh) {
    this.screen = screen;
    this.place = place;
    this.sync = sync;
    this.refresh = refresh;
    this.opened = new Map();
    this.homePage = 0;
  }

  /** Said by a screen when its first page stands: only that page is made anew by itself. */
  atHome() {
    this.homePage = standing();
  }

  /** The areas of this screen's kind on the phone, by name. */
  async areas() {
    const all = await packets();
    for (const old of all.filter(isOver)) await dropPacket(old.key);
    return all.filter((each) => !isOver(each) && each.kind === this.screen.packet_kind).sort((one, other) => one.name.localeCompare(other.name, "zh"));
  }

  /** The records of an area, opened once for each version. */
  async records(head) {
    const known = this.opened.get(head.key);
    if (known && known.version === head.version) return known.records;
    const records = [];
    for (const each of await pagesOf(head.key)) records.push(...await unhide(each));
    this.opened.set(head.key, { version: head.version, records });
    return records;
  }

  /** Keep an operation on the phone, and what was said beside it; then try to upload it. The person
      goes on at once. Throws NotKept, which is said in the page's head: the page stays as it is. */
  async record({ kind, version, area_id, subject_id, base_version = null, body = {}, sealed = null, supersedes = null, sound = null }) {
    const id = crypto.randomUUID();
    const { note, named } = sound ? await sealSpoken(sound) : {};
    await add({
      id, kind, version, area_id, subject_id, base_version, supersedes, body, spoken: named,
      sealed: sealed && await this.sync.seal(sealed, id, kind),
      at_device: new Date().toISOString(),
    }, note);
    alarm.hidden = true;
    await this.refresh();
    this.sync.soon();
    return id;
  }

  /** A slip, before it was uploaded: it never was. False when it has left the phone. */
  async takeBack(id) {
    const isGone = await takeBack(id);
    await this.refresh();
    return isGone;
  }

  operations() {
    return operations();
  }

  operationsOn(subject) {
    return operationsOn(subject);
  }

  unsent() {
    return counts();
  }
}

/** A list on a phone is good for three weeks; what was written with it stays. */
function isOver(head) {
  return Date.parse(head.expires_at) < Date.now();
}

/** What went wrong is said where it can't be missed; nothing was written, and the page stays. */
function warn(told) {
  alarm.textContent = told;
  alarm.hidden = false;
}

addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof NotKept) warn(t(reason.code));
});
hearOthers((what) => { if (what === "reload") location.reload(); });
addEventListener("guiyan-store", ({ detail }) => {
  if (detail === "blocked") warn(t("close_others"));
  else location.reload();
});

async function begin() {
  await registerWorker();
  // What waits is said also while the phone is locked; it tells of nobody. Nothing is said of a phone
  // that has not begun, or whose storage was taken away.
  if (await isBegun()) await tell(line, { isUploading: false, message: "" });
  const me = await whoAmI();
  await enter(place, me, issueDevice);
  await askToKeep();
  const refresh = () => tell(line, sync);
  const sync = new Sync({ told: refresh, gone: () => location.reload() });
  await refresh();
  const device = await setting("device");
  const screens = page.screens.filter((each) => device.screens.includes(each.code));
  const shown = await Promise.all(screens.map(async (screen) => ({ screen, module: await import(screen.url) })));
  const benches = new Map(shown.map(({ screen }) => [screen.code, new Bench(screen, sync, refresh)]));
  const open = async (code) => {
    const chosen = shown.find((each) => each.screen.code === code) ?? shown[0];
    if (!chosen) return show(place, h("h1", {}, t("nothing_given")), h("p", {}, t("nothing_given_how")));
    for (const tab of tabs.children) tab.toggleAttribute("aria-current", tab.dataset.code === code);
    return chosen.module.today(benches.get(chosen.screen.code));
  };
  tabs.replaceChildren(...shown.map(({ screen }) => h("button", { type: "button", "data-code": screen.code, click: () => open(screen.code) }, screen.title)),
    h("button", { type: "button", "data-code": "phone", click: () => phonePage(sync, () => open(shown[0]?.screen.code)) }, t("this_phone")));
  tabs.hidden = false;
  line.addEventListener("click", () => statusPage(place, {
    back: () => open(shown[0]?.screen.code),
    upload: async () => {
      const own = standing();
      await sync.run();
      if (standing() === own) line.click();
    },
    again: () => line.click(),
    names: (operation) => shown.find(({ module }) => module.kinds?.includes(operation.kind))?.module.nameOf(operation) ?? operation.kind,
  }));
  hearOthers(async (what) => {
    if (what !== "changed") return;
    await refresh();
    const here = shown.find(({ screen }) => benches.get(screen.code).homePage === standing());
    if (here) await here.module.today(benches.get(here.screen.code));
  });
  addEventListener("online", () => sync.run());
  setInterval(() => sync.run(), UPLOAD_EVERY_MS);
  await open(shown[0]?.screen.code);
  // The first screen stands from what is on the phone; what the server has newer replaces it, unless
  // somebody is at work by then.
  const first = standing();
  if (await sync.run() && standing() === first) await open(shown[0]?.screen.code);
}

async function phonePage(sync, back) {
  const heads = await packets();
  const device = await setting("device");
  show(place,
    h("h1", {}, t("this_phone")),
    h("p", {}, t("set_up_who", { name: device.name, organisation: device.organisation })),
    await keptFor({ isSaidAlways: true }),
    heads.length > 0 && h("ul", { class: "list" }, heads.map((head) => h("li", {}, h("b", {}, head.name),
      h("p", { class: "quiet" }, t("good_until", { day: new Date(head.expires_at).toLocaleDateString() }))))),
    button(t("fetch_now"), async ({ target }) => {
      const own = standing();
      target.disabled = true;
      target.textContent = t("fetching");
      await sync.run();
      if (standing() === own) await phonePage(sync, back);
    }),
    button(t("hand_over"), () => handOver(place, { back: () => phonePage(sync, back) }), "plain"),
    button(t("back"), back, "plain"));
}

async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(page.worker_url, { scope: page.scope, updateViaCache: "none" });
  } catch {
    // Without a worker the page still works with a line; the entrance says what to open it with.
  }
}

begin();
