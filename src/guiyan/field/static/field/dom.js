/* Elements, words and times for the pages of the field. */

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

/** A calendar day as YYYY-MM-DD in the phone's own time. */
export function day(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Simplified for search: one case, one width, no spaces or dots between names. */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s·•・‧∙⋅.]/g, "");
}
