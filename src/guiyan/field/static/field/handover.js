/* No line at all: what is unsent goes to another phone or a computer as a file, which it may carry in twice. */

import { button, day, h, show, t } from "./dom.js";
import { ask } from "./link.js";
import { DONE, operations, setting, spokenNotes } from "./store.js";
import { asSent, seal, tokens } from "./sync.js";
import { textOf } from "./text.js";

const FORM = "guiyan-handover-1";
const MOST_SPOKEN = 2_000_000;  // bytes; what does not fit goes when this phone has a line

/** Two ways: a file of what is unsent here, and a file from another phone taken in. */
export async function handOver(place, { back, told = "" }) {
  const unsent = (await operations()).filter((each) => each.state !== DONE);
  show(place,
    h("h1", {}, t("hand_over")),
    h("p", {}, t("hand_over_how")),
    told && h("p", { class: "note", role: "status" }, told),
    unsent.length
      ? button(t("hand_over_save", { n: unsent.length }), () => save(unsent))
      : h("p", { class: "empty" }, t("nothing_waits")),
    h("div", { class: "field" },
      h("label", { for: "f-file" }, t("hand_over_take")),
      h("input", { id: "f-file", type: "file", accept: ".guiyan,application/json", change: async (event) => {
        const said = await takeIn(event.target.files[0]);
        await handOver(place, { back, told: said });
      } })),
    button(t("back"), back, "plain"));
}

/** The file holds what the line would have carried, sealed for the server and signed by this phone. */
async function save(unsent) {
  const device = await setting("device");
  const inside = { operations: unsent.map(asSent), packets: await tokens(), clock: new Date().toISOString(), spoken: await spoken() };
  const sealed = await seal(inside, `${FORM}|${device.id}`);
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.sign, new TextEncoder().encode(`${FORM}|${device.id}|${sealed}`));
  const content = JSON.stringify({ form: FORM, device_id: device.id, sealed, signature: textOf(signed) });
  const file = new File([content], `guiyan-${day(new Date())}-${unsent.length}.guiyan`, { type: "application/json" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return;
    } catch {
      // Sharing was closed without a choice: the file is saved instead.
    }
  }
  const link = h("a", { href: URL.createObjectURL(file), download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** Notes by voice as far as there is room, the oldest first. */
async function spoken() {
  const found = {};
  let size = 0;
  for (const { id, box } of await spokenNotes()) {
    size += box.length;
    if (size < MOST_SPOKEN) found[id] = textOf(box);
  }
  return found;
}

async function takeIn(file) {
  if (!file) return "";
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    return t("hand_over_not_ours");
  }
  if (content.form !== FORM) return t("hand_over_not_ours");
  try {
    const answer = await ask(await setting("device"), "/api/field/handovers", { method: "POST", body: content });
    const taken = await answer.json();
    return t("hand_over_taken", { n: taken.results.length });
  } catch (error) {
    return error.told || t("no_line");
  }
}
