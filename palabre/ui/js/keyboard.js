// One-key shortcuts: data-key="e" presses an element, j and k walk the data-item of a data-list, ? lists them.
import { word } from "./page.js";

const OFF = "palabre:keys-off";
const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
const items = () => [...document.querySelectorAll("[data-list] [data-item]")].filter(visible);
const chosen = () => document.activeElement?.closest?.("[data-item]") ?? document.querySelector("[data-item].sel");

function typing(event) {
  const { target } = event;
  return (
    target.isContentEditable ||
    target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select")
  );
}

function choose(item) {
  for (const other of document.querySelectorAll("[data-item].sel")) other.classList.remove("sel");
  item.classList.add("sel");
  if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = items();
  if (!list.length) return false;
  const at = list.indexOf(chosen());
  choose(list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))]);
  return true;
}

function bearer(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const inside = chosen()?.querySelector(selector); // also one inside a menu that is closed
  if (inside && !inside.closest("[hidden]")) return inside;
  return [...document.querySelectorAll(selector)].find((element) => !element.closest("[data-item]") && visible(element));
}

function press(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

function search() {
  const field = [...document.querySelectorAll('main input[type="search"]')].find(visible) ?? bearer("/");
  if (!field) return false;
  press(field);
  return true;
}

function label(element) {
  return element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.replace(/\s+/g, " ").trim();
}

function help() {
  document.getElementById("keys-help")?.remove();
  const known = new Map();
  if (items().length) known.set("j", word("next")).set("k", word("previous"));
  for (const element of document.querySelectorAll("[data-key]"))
    if (!known.has(element.dataset.key)) known.set(element.dataset.key, label(element));
  if (!known.has("/") && document.querySelector('main input[type="search"]')) known.set("/", word("search"));
  known.set("?", word("shortcuts"));
  const dialog = document.createElement("dialog");
  dialog.id = "keys-help";
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const body = document.createElement("div");
  body.className = "dialog-body";
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = word("shortcuts");
  const list = document.createElement("dl");
  list.className = "keys";
  for (const [key, text] of known) {
    const name = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    name.append(cap);
    const meaning = document.createElement("dd");
    meaning.textContent = text;
    list.append(name, meaning);
  }
  const acts = document.createElement("div");
  acts.className = "dialog-acts";
  const off = document.createElement("button");
  off.type = "button";
  off.className = "btn btn-quiet";
  const sayOff = () => (off.textContent = word(localStorage.getItem(OFF) ? "keysOn" : "keysOff"));
  off.addEventListener("click", () => {
    if (localStorage.getItem(OFF)) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    sayOff();
  });
  sayOff();
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "btn btn-act";
  shut.textContent = word("close");
  shut.addEventListener("click", () => dialog.close());
  acts.append(off, shut);
  body.append(title, list, acts);
  dialog.append(body);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  // AltGr types a sign, as # does on a French keyboard: it is no shortcut of the browser's.
  const chord = event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
  if (event.defaultPrevented || chord || typing(event)) return;
  if (document.querySelector("dialog[open]")) return;
  if (localStorage.getItem(OFF) && event.key !== "?") return;
  const { key } = event;
  let done = false;
  if (key === "?") {
    help();
    done = true;
  } else if (key === "j") done = step(1);
  else if (key === "k") done = step(-1);
  else if (key === "/") done = search();
  else if (key.length === 1 && /\S/.test(key)) {
    const element = bearer(key);
    if (element) {
      press(element);
      done = true;
    }
  }
  if (done) event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) help();
});
