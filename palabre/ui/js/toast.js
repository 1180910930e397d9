// Notices that go by themselves; errors stay. The server asks for one with the HX-Trigger event "toast".
import { each, icon, word } from "./page.js";

const STAY = 6000; // milliseconds
const ICONS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", error: "alert-octagon" };

/** Show a notice. `undo` is an address that a POST undoes the act at. */
export function toast(text, { level = "success", undo = "" } = {}) {
  const box = document.getElementById("toasts");
  if (!box || !text) return;
  const element = document.createElement("div");
  element.className = `toast toast-${level}`;
  element.dataset.toast = "";
  const said = document.createElement("span");
  said.textContent = text;
  element.append(icon(ICONS[level] ?? ICONS.info), said);
  if (undo) {
    const button = document.createElement("button");
    button.className = "btn-link";
    button.type = "button";
    button.textContent = word("undo");
    button.addEventListener("click", () => {
      element.remove();
      window.htmx.ajax("POST", undo, { swap: "none" }).then(() => location.reload());
    });
    element.append(button);
  }
  const shut = document.createElement("button");
  shut.className = "toast-close";
  shut.type = "button";
  shut.dataset.toastClose = "";
  shut.setAttribute("aria-label", word("close"));
  shut.append(icon("x"));
  element.append(shut);
  box.append(element);
  prepare(element);
}

const ready = new WeakSet();

function prepare(element) {
  if (ready.has(element)) return;
  ready.add(element);
  element.querySelector("[data-toast-close]")?.addEventListener("click", () => element.remove());
  if (element.matches(".toast-error, .toast-warning")) return;
  let timer;
  const leave = () => (timer = setTimeout(() => element.remove(), element.querySelector("form, a, .btn-link") ? 2 * STAY : STAY));
  for (const name of ["mouseenter", "focusin"]) element.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) element.addEventListener(name, leave);
  leave();
}

each("[data-toast]", prepare);
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail));
