// <form data-draft="key">: what is typed stays on this device until the server has taken it.
import { each, word } from "./page.js";

const PREFIX = "palabre:draft:";
const SENT = "palabre:sent";
const KEEP = 14 * 24 * 3600 * 1000; // milliseconds

const fields = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name &&
      !["hidden", "password", "file", "submit", "button"].includes(field.type) &&
      field.tagName !== "FIELDSET" &&
      !field.matches("[data-draft-skip]"),
  );

function read(form) {
  const values = {};
  for (const field of fields(form)) {
    if (["checkbox", "radio"].includes(field.type)) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.multiple) values[field.name] = [...field.selectedOptions].map((option) => option.value);
    else values[field.name] = field.value;
  }
  return values;
}

function write(form, values) {
  for (const field of fields(form)) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = value.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function stored(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key));
    return draft && Date.now() - draft.at < KEEP ? draft.values : null;
  } catch {
    return null;
  }
}

const forget = (key) => localStorage.removeItem(PREFIX + key);

function line(css) {
  const element = document.createElement("div");
  element.className = css;
  element.setAttribute("role", "status");
  return element;
}

// What is kept is said beside the button that sends the form: the last one, where reading ends.
function note(form) {
  let element = form.querySelector("[data-draft-note]");
  if (!element) {
    element = line("draft-note");
    element.dataset.draftNote = "";
    const send = [...form.querySelectorAll('button:not([type="button"])')].at(-1);
    (form.querySelector(".form-acts") ?? send?.parentElement ?? form).append(element);
  }
  return element;
}

// What was brought back is said above the form, before it is read.
function restored(form, discard) {
  const element = line("draft-note draft-restored");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-link";
  button.textContent = word("discard");
  button.addEventListener("click", () => {
    discard();
    element.remove();
  });
  form.before(element);
  element.append(`${word("restored")} `, button);
}

each("form[data-draft]", (form) => {
  const key = form.dataset.draft;
  const first = read(form);
  const draft = stored(key);
  const sentBack = form.querySelector("[aria-invalid], .form-errors");
  if (draft && !sentBack && JSON.stringify(draft) !== JSON.stringify(first)) {
    write(form, draft);
    restored(form, () => {
      write(form, first);
      forget(key);
    });
  }
  let timer;
  form.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values: read(form) }));
      note(form).textContent = word("saved");
    }, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sessionStorage.setItem(SENT, key);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && event.detail.successful) forget(key);
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== form) return; // what comes back is newer than what was kept here
    clearTimeout(timer);
    forget(key);
  });
});

// The page after a sending: unless the same form came back, the server has what was typed.
const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  if (!document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`)) forget(sent);
}

// Signing out leaves nothing behind on a shared machine.
each("form[data-forget-drafts]", (form) =>
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  }),
);
