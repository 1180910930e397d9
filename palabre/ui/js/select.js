// Bulk acts: data-select-all ticks every box of that name in its form; [data-bulk] shows while one is ticked.
import { each, word } from "./page.js";

each("[data-select-all]", (all) => {
  const form = all.form ?? document;
  const boxes = () => [...form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(all.dataset.selectAll)}"]`)];
  let last = null;
  const show = () => {
    const list = boxes();
    const count = list.filter((box) => box.checked).length;
    all.checked = count > 0 && count === list.length;
    all.indeterminate = count > 0 && count < list.length;
    for (const bar of form.querySelectorAll("[data-bulk]")) bar.hidden = count === 0;
    for (const place of form.querySelectorAll("[data-bulk-count]")) place.textContent = word("selected").replace("{count}", count);
  };
  form.addEventListener("click", (event) => {
    const box = event.target;
    if (!boxes().includes(box)) return;
    if (event.shiftKey && last && last !== box) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      for (const between of list.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    show();
  });
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    show();
  });
  form.addEventListener("htmx:afterSettle", show);
  show();
});
