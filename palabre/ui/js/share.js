// <div hidden>…<button data-share='{"text", "files": [{address, name, mime}]}'>: to another application of the
// telephone (Web Share), shown where there is such a thing. The text is copied as well: some take only files.
import { each, word } from "./page.js";
import { toast } from "./toast.js";

const fetched = async ({ address, name, mime }) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return new File([await answer.blob()], name, { type: mime });
};

each("[data-share]", (button) => {
  const { text, files } = JSON.parse(button.dataset.share);
  if (!navigator.share || (!text && !files.length)) return;
  button.closest("[hidden]").hidden = false;
  // Fetched beforehand: the telephone opens its list only right after the finger.
  const ready = Promise.all(files.map(fetched)).catch(() => []);
  let kept = [];
  ready.then((found) => {
    kept = found;
  });
  button.addEventListener("click", async () => {
    navigator.clipboard?.writeText(text).catch(() => {});
    const whole = { text, files: kept };
    const given = kept.length && navigator.canShare?.(whole) ? whole : { text };
    try {
      await navigator.share(given);
    } catch (error) {
      if (error.name !== "AbortError") toast(word("refused"), { level: "error" });
    }
  });
});
