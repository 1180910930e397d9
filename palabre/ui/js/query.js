// The query editor: a textarea over a layer of coloured words. The server colours (htmx swaps the layer);
// between two answers this keeps the layer's text equal to the textarea's, and both scrolled alike.
import { each } from "./page.js";

/** Change the layer's text into `wanted`, keeping the coloured words on either side of the edit. */
function follow(layer, wanted) {
  const shown = layer.textContent;
  if (shown === wanted) return;
  let start = 0;
  while (start < shown.length && start < wanted.length && shown[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < shown.length - start && end < wanted.length - start && shown.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  const from = place(layer, start);
  const to = place(layer, shown.length - end);
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  range.deleteContents();
  const added = wanted.slice(start, wanted.length - end);
  if (!added) return;
  const [node, offset] = place(layer, start);
  if (node.nodeType === Node.TEXT_NODE) node.insertData(offset, added);
  else node.insertBefore(document.createTextNode(added), node.childNodes[offset] ?? null);
}

/** The node and offset of the nth character. */
function place(layer, index) {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  let left = index;
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.length) return [node, left];
    left -= node.length;
    last = node;
  }
  return last ? [last, last.length] : [layer, 0];
}

each("[data-query]", (editor) => {
  const field = editor.querySelector("textarea");
  const layer = () => editor.querySelector(".query-layer");
  const sync = () => {
    const behind = layer();
    follow(behind, field.value);
    // a last line that is empty has no height unless something follows it
    if (behind.lastChild?.nodeName !== "BR") behind.append(document.createElement("br"));
    behind.scrollTop = field.scrollTop;
    behind.scrollLeft = field.scrollLeft;
  };
  field.spellcheck = false;
  field.autocapitalize = "none";
  field.setAttribute("autocorrect", "off");
  editor.classList.add("colored");
  field.addEventListener("input", sync);
  field.addEventListener("scroll", sync);
  document.addEventListener("htmx:oobAfterSwap", sync);
  document.addEventListener("htmx:afterSwap", sync);
  new ResizeObserver(sync).observe(field);
  sync();
  document.addEventListener("click", (event) => {
    const help = event.target.closest(`[data-query-insert]`);
    if (!help) return;
    field.focus();
    field.setRangeText(help.dataset.queryInsert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
