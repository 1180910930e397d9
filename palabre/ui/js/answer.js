// An answer being written: / opens the saved replies, a chosen one goes where the caret is; file fields are emptied.
import { insert } from "./composer.js";
import { announce, each } from "./page.js";

const TYPED = /(?:^|\s)\/([\p{L}\p{N}_-]{0,30})$/u;

const token = (form) => form.querySelector('[name="csrfmiddlewaretoken"]').value;

/** The words of a saved reply, filled in by the server, which counts the use; "" where it refuses. */
async function words(form, address) {
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token(form), Accept: "application/json" } });
  return answer.ok ? (await answer.json()).words : "";
}

function option({ title, shortcut, wording, words: text, address }, place) {
  const row = document.createElement("li");
  row.id = `saved-${place}`;
  row.role = "option";
  row.dataset.address = address;
  const name = document.createElement("b");
  name.textContent = title;
  const how = document.createElement("span");
  how.className = "muted sm";
  how.textContent = [shortcut && `/${shortcut}`, wording].filter(Boolean).join(" · ");
  const said = document.createElement("span");
  said.className = "sm saved-said";
  said.dir = "auto";
  said.textContent = text;
  row.append(name, how, said);
  return row;
}

each("form[data-answer]", (form) => {
  const field = form.querySelector('textarea[name="text"]');
  const list = document.createElement("ul");
  list.className = "people-found saved-found";
  list.id = "saved-found";
  list.role = "listbox";
  list.hidden = true;
  field.after(list);
  let asked = 0;
  let timer;

  const typed = () => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];
  const close = () => {
    asked += 1;
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
  };
  const mark = (row) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === row));
    field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  };
  const choose = async (row) => {
    const before = typed();
    close();
    if (before === undefined) return;
    const text = await words(form, row.dataset.address);
    // What was typed while the server answered stays: only the /word itself goes.
    const now = typed();
    if (text) insert(field, text, now === before ? before.length + 1 : 0);
  };
  const show = (found) => {
    if (!found.length) return close();
    list.replaceChildren(...found.map(option));
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    mark(list.firstElementChild);
    announce(found.map(({ title }) => title).join(", "));
  };
  const ask = async () => {
    const sought = typed();
    const turn = ++asked;
    if (sought === undefined) return close();
    const query = new URLSearchParams({ as: "json", q: sought });
    const answer = await fetch(`${form.dataset.answer}?${query}`, { headers: { Accept: "application/json" } });
    if (turn === asked && answer.ok) show((await answer.json()).saved);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (typed() === undefined) return close();
    timer = setTimeout(ask, 120);
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const row = event.target.closest("li");
    if (row) choose(row);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") mark(chosen.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp") mark(chosen.previousElementSibling ?? list.lastElementChild);
    else if (event.key === "Enter" || event.key === "Tab") choose(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("blur", close);
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-saved]");
    if (!button) return;
    event.preventDefault();
    button.closest("details").open = false;
    const text = await words(form, button.dataset.saved);
    if (text) insert(field, text);
  });
  // A file that was taken in is not sent again with the answer; what was ticked is not added twice.
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful || detail.target?.id !== "attached") return;
    for (const input of form.querySelectorAll("[data-clears]")) input.value = "";
    for (const box of form.querySelectorAll('[name="pick"]:checked')) box.checked = false;
  });
});
