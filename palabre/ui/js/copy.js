// data-copy="text": to the clipboard, said aloud; the field beside it stays selectable without a script.
import { announce, icon, word } from "./page.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input, textarea");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    field?.select();
    if (!document.execCommand("copy")) return;
  }
  announce(word("copied"));
  if (button.dataset.copied !== undefined) return;
  button.dataset.copied = "";
  const before = [...button.childNodes];
  button.replaceChildren(icon("check"), word("copied"));
  setTimeout(() => {
    button.replaceChildren(...before);
    delete button.dataset.copied;
  }, 1800);
});
