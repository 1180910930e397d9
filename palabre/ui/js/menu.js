// Menus are <details>: this closes them by Escape, a click elsewhere or a choice, and adds the arrow keys.
import { each } from "./page.js";

const EDGE = 12; // pixels kept between a sheet and the edge of the screen

const open = () => [...document.querySelectorAll("details[data-menu][open]")];
const entries = (menu) =>
  [...menu.querySelectorAll(":scope > :not(summary) :is(a, button, input):not([disabled])")].filter((entry) => entry.offsetParent);

function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu, false);
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]") ?? open().at(-1);
  if (!menu) return;
  if (event.key === "Escape") {
    event.preventDefault();
    close(menu, menu.contains(document.activeElement));
    return;
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, textarea, select")) return;
  if (!menu.contains(event.target)) return;
  const list = entries(menu);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = list[(list.indexOf(document.activeElement) + step + list.length) % list.length];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

each("details[data-menu]", (menu) => {
  menu.addEventListener("focusout", (event) => {
    if (menu.open && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
  });
  menu.addEventListener("toggle", () => {
    const sheet = menu.querySelector(":scope > .menu-sheet");
    if (!menu.open || !sheet) return;
    sheet.style.translate = "";
    const box = sheet.getBoundingClientRect();
    const over = box.right - (innerWidth - EDGE);
    const shift = over > 0 ? -over : Math.max(0, EDGE - box.left);
    if (shift) sheet.style.translate = `${Math.round(shift)}px`;
  });
});

// A row of tabs wider than the screen shows the current one.
each(".tabs-line, .seg", (row) => {
  const current = row.querySelector('[aria-current], [aria-pressed="true"]');
  if (current && row.scrollWidth > row.clientWidth) row.scrollLeft = current.offsetLeft - row.clientWidth / 2 + current.clientWidth / 2;
});
