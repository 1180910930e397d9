// The composer: what is typed for one account ticks its box; @ finds people; emoji go where the caret is.
import { announce, each } from "./page.js";

const WRITTEN = /(?:^|[\s(])@([\p{L}\p{N}_.-]{2,40})$/u;

/** Put words where the caret stands, in the place of the `before` characters left of it. */
export function insert(field, words, before = 0) {
  field.focus();
  field.setRangeText(words, field.selectionStart - before, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function people(form) {
  const list = document.createElement("ul");
  list.className = "people-found";
  list.id = "people-found";
  list.role = "listbox";
  list.hidden = true;
  let field = null;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    field?.removeAttribute("aria-activedescendant");
    field?.removeAttribute("aria-controls");
  };
  const named = () => WRITTEN.exec(field.value.slice(0, field.selectionStart))?.[1];
  const choose = (option) => {
    insert(field, `${option.dataset.handle} `, named().length + 1);
    close();
  };
  const mark = (option) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option.id);
  };
  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ handle, name, network }, place) => {
        const option = document.createElement("li");
        option.id = `person-${place}`;
        option.role = "option";
        option.dataset.handle = handle;
        const who = document.createElement("b");
        who.textContent = name || handle;
        const where = document.createElement("span");
        where.className = "muted sm";
        where.textContent = `${handle} · ${network}`;
        option.append(who, where);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return option;
      }),
    );
    if (!found.length) return close();
    field.after(list);
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    mark(list.firstElementChild);
    announce(`${found.length}`);
  };
  const ask = async () => {
    const words = named();
    const turn = ++asked;
    if (!words) return close();
    const query = new URLSearchParams({ q: words });
    for (const box of form.querySelectorAll('[name="channels"]:checked')) query.append("channels", box.value);
    const answer = await fetch(`${form.dataset.people}?${query}`, { headers: { Accept: "application/json" } });
    if (turn === asked && answer.ok) show((await answer.json()).people);
  };
  let timer;
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    field = event.target;
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });
  form.addEventListener("keydown", (event) => {
    if (list.hidden || event.target !== field) return;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") mark(chosen.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp") mark(chosen.previousElementSibling ?? list.lastElementChild);
    else if (event.key === "Enter" || event.key === "Tab") choose(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("focusout", close);
}

each("[data-composer]", (form) => {
  let last = form.querySelector('textarea[name="text"]');
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches('textarea:not([name$="alt"])')) last = target;
  });
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-emoji]");
    if (button && last) insert(last, button.dataset.emoji);
  });
  form.addEventListener("input", ({ target, isTrusted }) => {
    const box = target.dataset.own && form.elements[target.dataset.own];
    if (box && isTrusted) box.checked = true;
  });
  people(form);
});
