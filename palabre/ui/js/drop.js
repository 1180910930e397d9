// <label class="drop" data-drop><input type="file"></label>: files dropped on it go to its input.
import { each } from "./page.js";

each("[data-drop]", (zone) => {
  const input = zone.querySelector('input[type="file"]');
  const names = zone.querySelector("[data-drop-names]");
  const say = () => {
    if (names) names.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  for (const name of ["dragenter", "dragover"])
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const given = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) given.items.add(file);
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", say);
});
