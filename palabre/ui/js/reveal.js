// A password can be read while it is typed.
import { each, icon, word } from "./page.js";

each('input[type="password"]', (field) => {
  const box = document.createElement("div");
  box.className = "reveal";
  const button = document.createElement("button");
  button.type = "button";
  const show = (visible) => {
    field.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", String(visible));
    button.replaceChildren(icon(visible ? "eye-off" : "eye"));
  };
  button.setAttribute("aria-label", word("reveal"));
  button.addEventListener("click", () => {
    show(field.type === "password");
    field.focus();
  });
  show(false);
  field.replaceWith(box);
  box.append(field, button);
  field.form?.addEventListener("submit", () => show(false));
});
