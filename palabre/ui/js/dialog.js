// Dialogs: data-dialog="id" opens one; data-confirm="question" on a form or htmx element asks before it acts.
import { each, word } from "./page.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.matches("dialog.dialog") && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// A link that opens a dialog leads to the same as a page where there is no script; with one it is a button.
each("a[data-dialog]", (link) => {
  link.setAttribute("role", "button");
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
});

/** Ask a question; resolves to true when the person agrees. `act` names the deed on its button. */
export function ask(question, { title = "", act = "", danger = true } = {}) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "ask-title");
    const body = document.createElement("div");
    body.className = "dialog-body";
    const head = document.createElement("h2");
    head.id = "ask-title";
    head.textContent = title || word("sure");
    const text = document.createElement("p");
    text.textContent = question;
    const acts = document.createElement("div");
    acts.className = "dialog-acts";
    const no = document.createElement("button");
    no.type = "button";
    no.className = "btn";
    no.textContent = word("cancel");
    const yes = document.createElement("button");
    yes.type = "button";
    yes.className = danger ? "btn btn-act btn-danger" : "btn btn-act";
    yes.textContent = act || word("confirm");
    acts.append(no, yes);
    body.append(head, text, acts);
    dialog.append(body);
    document.body.append(dialog);
    let answer = false;
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      answer = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
    no.focus();
  });
}

const wishes = (element) => ({
  title: element.dataset.confirmTitle,
  act: element.dataset.confirmAct,
  danger: element.dataset.confirmTone !== "calm",
});

document.addEventListener("htmx:confirm", (event) => {
  const holder = event.detail.elt.closest("[data-confirm]");
  if (!holder) return;
  event.preventDefault();
  ask(holder.dataset.confirm, wishes(holder)).then((yes) => yes && event.detail.issueRequest(true));
});

// On a button or a link: the press is held back until the person agrees. What htmx sends asks above.
const pressed = new WeakSet();
document.addEventListener(
  "click",
  (event) => {
    const holder = event.target.closest("button[data-confirm], a[data-confirm]");
    if (!holder || holder.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
    if (pressed.delete(holder)) return;
    event.preventDefault();
    event.stopPropagation();
    ask(holder.dataset.confirm, wishes(holder)).then((yes) => {
      if (!yes) return;
      pressed.add(holder);
      holder.click();
    });
  },
  true,
);

each("form[data-confirm]:not([hx-post], [hx-delete])", (form) => {
  let sure = false;
  form.addEventListener("submit", (event) => {
    if (sure) return;
    event.preventDefault();
    ask(form.dataset.confirm, wishes(form)).then((yes) => {
      if (!yes) return;
      sure = true;
      form.requestSubmit(event.submitter);
      sure = false;
    });
  });
});
