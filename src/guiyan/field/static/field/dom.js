/* Elements, words and times for the pages of the field. */

// China keeps one time, eight hours ahead, without a summer time.
const CHINA_MS = 8 * 3_600_000;
const WRONG_BY = "guiyan.clock_wrong_by_ms";

let words = {};

/** The words of this visit, in the reader's language; the shell brings them. */
export function setWords(given) {
  words = given;
}

/** The text of a code, with {names} filled in. A code without a text shows itself, so that it is seen. */
export function t(code, values = {}) {
  let text = words[code] ?? code;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, value);
  return text;
}

/** An element. Functions are listeners, `null` and `false` leave an attribute or child out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else element.setAttribute(key, value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

export function button(text, onclick, kind = "") {
  return h("button", { type: "button", class: `button ${kind}`.trim(), click: onclick }, text);
}

/** A labelled field; `hint` and `error` stand beside it and are read out with it. */
export function field(label, name, attributes = {}, { hint = "", error = "" } = {}) {
  const id = `f-${name}`;
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return h("div", { class: error ? "field has-error" : "field" },
    h("label", { for: id }, label),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    error && h("p", { class: "error", id: `${id}-error` }, error),
    h("input", { id, name, autocomplete: "off", "aria-describedby": told || null, "aria-invalid": error ? "true" : null, ...attributes }));
}

let pages = 0;

/** Which page stands: whoever comes back from the line later replaces only the page that asked. */
export function standing() {
  return pages;
}

/** Put a page into its place and lead the reader, and the screen reader, to its heading. */
export function show(place, ...children) {
  pages += 1;
  place.replaceChildren(...children.flat(3).filter(Boolean));
  scrollTo(0, 0);
  const heading = place.querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/** The calendar day in China as YYYY-MM-DD, of a moment by this phone's clock: less by how far that
    clock was wrong when the server was last heard, and whatever time zone the phone is set to. */
export function day(moment) {
  return new Date(moment.getTime() - Number(localStorage.getItem(WRONG_BY) || 0) + CHINA_MS).toISOString().slice(0, 10);
}

/** What the server said its clock was, just now. */
export function heardClock(said) {
  localStorage.setItem(WRONG_BY, String(Date.now() - Date.parse(said) || 0));
}

/** Simplified for search: one case, one width, no spaces or dots between names. */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·•・‧∙⋅.]/g, "");
}
