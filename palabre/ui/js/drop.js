// <label class="drop" data-drop><input type="file"></label>: files dropped on it go to its input.
// data-most="image=60 =1000": megabytes a file may have, by the beginning of its type; a larger one is
// refused before it leaves, in the words of data-most-says, and the others stay chosen.
import { each } from "./page.js";

const heaviest = (input, file) => {
  const rules = input.dataset.most.split(" ").map((rule) => rule.split("="));
  return Number(rules.find(([type]) => file.type.startsWith(type))[1]);
};

const weigh = (input) => {
  const heavy = [...input.files].filter((file) => file.size > heaviest(input, file) * 1e6);
  const zone = input.closest(".drop") ?? input;
  let told = zone.parentElement.querySelector(".too-heavy");
  if (!told) {
    told = document.createElement("p");
    told.className = "field-error too-heavy";
    told.setAttribute("role", "alert");
    zone.after(told);
  }
  const words = heavy.map((file) =>
    input.dataset.mostSays
      .replace("{name}", file.name)
      .replace("{size}", Math.ceil(file.size / 1e6))
      .replace("{most}", heaviest(input, file)),
  );
  told.textContent = words.join(" ");
  told.hidden = !words.length;
  if (!heavy.length) return;
  const kept = new DataTransfer();
  for (const file of input.files) if (!heavy.includes(file)) kept.items.add(file);
  input.files = kept.files;
};

// While the event comes down, before anything that would send the files hears of it.
document.addEventListener(
  "change",
  (event) => {
    const input = event.target;
    if (!input.matches?.('input[type="file"][data-most]')) return;
    weigh(input);
    if (!input.files.length) event.stopPropagation();
  },
  true,
);

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
