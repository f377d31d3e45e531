/* The way in: a PIN for this phone, a device of one's own at the server, and back in after a pause. */

import { hide, isSetUp, setPin, TRIES, unlock } from "./crypt.js";
import { button, field, h, show, t } from "./dom.js";
import { forget, forgetBegun, keep, lost, setting, tellOthers } from "./store.js";

const PIN = /^\d{6}$/;

/** Resolves once this phone is set up and open. */
export function enter(place, me, issueDevice) {
  return new Promise((opened) => {
    const again = () => door(place, me, issueDevice, opened, again);
    again();
  });
}

async function door(place, me, issueDevice, opened, again) {
  const signedOut = await setting("signed_out");
  const gone = await lost();
  if (gone) return tellLost(place, gone, again);
  if (!signedOut && await isSetUp()) return askPin(place, opened, again);
  if (isInWeChat()) return openElsewhere(place);
  if (!me) return show(place, h("h1", {}, t("first_needs_line")), h("p", {}, t("first_needs_line_why")), button(t("again"), () => location.reload()));
  if (!me.is_signed_in) return show(place, h("h1", {}, t("sign_in_first")), h("p", {}, t(signedOut ? "signed_out" : "sign_in_why")), h("a", { class: "button", href: me.sign_in_url }, t("sign_in")));
  return setUp(place, me, issueDevice, opened);
}

/** The browser took the storage away: what is safe, what is not, and what to do now. */
function tellLost(place, { unsent, at }, again) {
  const day = new Date(at).toLocaleString();
  show(place,
    h("h1", {}, t("lost")),
    h("p", {}, t("lost_how")),
    h("p", { class: unsent ? "note bad" : "note" }, unsent ? t("lost_unsent", { n: unsent, at: day }) : t("lost_nothing", { at: day })),
    h("p", {}, t("lost_next")),
    button(t("lost_begin"), () => { forgetBegun(); again(); }));
}

function isInWeChat() {
  return /MicroMessenger/i.test(navigator.userAgent);
}

function openElsewhere(place) {
  show(place, h("h1", {}, t("open_in_browser")), h("p", {}, t("open_in_browser_how")), h("p", { class: "address" }, location.origin + location.pathname));
}

function setUp(place, me, issueDevice, opened, wrong = {}) {
  const pins = { type: "password", inputmode: "numeric", maxlength: "6", required: true };
  show(place,
    h("h1", {}, t("set_up")),
    h("p", {}, t("set_up_who", { name: me.name, organisation: me.organisation })),
    me.unsent.map((each) => h("p", { class: "note warn" }, t("unsent_elsewhere", { phone: each.description || t("another_phone"), n: each.unsent, at: new Date(each.heard_at).toLocaleString() }))),
    h("form", { submit: async (event) => {
      event.preventDefault();
      const given = new FormData(event.target);
      const pin = given.get("pin");
      if (!PIN.test(pin)) return setUp(place, me, issueDevice, opened, { pin: t("pin_six") });
      if (pin !== given.get("again")) return setUp(place, me, issueDevice, opened, { again: t("pin_differs") });
      return begin(place, me, issueDevice, opened, pin);
    } },
    field(t("pin"), "pin", pins, { hint: t("pin_why", { n: TRIES }), error: wrong.pin }),
    field(t("pin_again"), "again", pins, { error: wrong.again }),
    wrong.form && h("p", { class: "error", role: "alert" }, wrong.form),
    h("button", { class: "button" }, t("begin"))));
}

/** One window at a time: of two that begin at once the second finds the phone begun. */
function begin(place, me, issueDevice, opened, pin) {
  const now = () => beginAlone(place, me, issueDevice, opened, pin);
  return navigator.locks ? navigator.locks.request("guiyan-field-begin", now) : now();
}

async function beginAlone(place, me, issueDevice, opened, pin) {
  if (await isSetUp() && !await setting("signed_out")) return location.reload();
  try {
    const { token, ...device } = await issueDevice(me);
    await setPin(pin);
    await keep("device", { ...device, token: await hide(token) });
    await forget("signed_out");
    tellOthers("reload");
    opened();
  } catch (error) {
    setUp(place, me, issueDevice, opened, { form: error.told ?? t("no_line") });
  }
}

async function askPin(place, opened, again, wrong = "") {
  const device = await setting("device");
  show(place,
    h("h1", {}, t("welcome_back", { name: device.name })),
    h("form", { submit: async (event) => {
      event.preventDefault();
      const left = await unlock(new FormData(event.target).get("pin"));
      if (left === null) return opened();
      if (left === 0) return again();
      return askPin(place, opened, again, t("pin_wrong", { n: left }));
    } },
    field(t("pin"), "pin", { type: "password", inputmode: "numeric", maxlength: "6", required: true }, { error: wrong }),
    h("button", { class: "button" }, t("open"))));
  place.querySelector("#f-pin").focus();
}
