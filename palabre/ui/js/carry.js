// An act of the composer sends the form and gets it back whole. One is under way at a time; what is typed,
// ticked or asked meanwhile is carried into the form that comes back, and asked there.
import { each } from "./page.js";

/** What a person can change in a form: its fields by name and place, with what they hold. */
function held(form) {
  const places = {};
  const own = [...form.elements].filter(({ name, type }) => name && !["hidden", "file", "submit", "button"].includes(type));
  return new Map(
    own.map((field) => {
      const ticked = ["checkbox", "radio"].includes(field.type);
      const place = ticked ? field.value : (places[field.name] = (places[field.name] ?? -1) + 1);
      return [`${field.name} ${place}`, { field, value: ticked ? field.checked : field.value }];
    }),
  );
}

let away = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr } = event.detail;
  if (!elt.closest("[data-composer]")) return;
  const act = target.id === "composer";
  if (away) {
    event.preventDefault();
    if (act) away.next = elt;
  } else if (act) away = { xhr, form: target, sent: held(target), next: null, changed: false };
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr === away?.xhr && !detail.successful) away = null;
});

function carry(form) {
  const here = held(form);
  for (const [key, { field, value }] of held(away.form)) {
    const place = here.get(key)?.field;
    if (!place || value === away.sent.get(key)?.value) continue;
    away.changed = true;
    if (typeof value === "boolean") place.checked = value;
    else place.value = value;
    if (place === document.activeElement && place.matches("textarea"))
      place.setSelectionRange(field.selectionStart, field.selectionEnd);
  }
  if (document.activeElement === document.body) form.focus({ preventScroll: true });
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (away && target.matches?.("[data-composer]")) carry(target);
});

function ask(form) {
  const { next, changed } = away;
  away = null;
  if (next?.type === "submit") form.querySelector(`[name="act"][value="${CSS.escape(next.value)}"]`)?.click();
  else if (next) {
    const file = next.type === "file";
    const again = [...form.elements].find(({ name, value }) => name === next.name && (file || value === next.value));
    if (file && again) again.files = next.files;
    again?.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (changed) form.dispatchEvent(new Event("input", { bubbles: true }));
}

each("[data-composer]", (form) => {
  if (away) ask(form);
});
