// [data-live="address"]: news of this room as they come; parts of the page listen for palabre:news and palabre:news-ID.
import { each } from "./page.js";

const GATHER = 250; // milliseconds: news that come together are one look

const WRITES = 8000; // milliseconds after which somebody who typed only reads
let still;

// [data-present]: who else has this open; `people` are pairs of a name and whether they write.
function showPresent(element, people) {
  const place = element.querySelector("[data-present]");
  if (!place) return;
  clearTimeout(still);
  const words = people.map(([name, writes]) => (writes ? place.dataset.writes : place.dataset.reads).replace("%s", () => name));
  place.textContent = words.join(" ");
  place.hidden = !words.length;
  if (people.some(([, writes]) => writes)) still = setTimeout(() => showPresent(element, people.map(([name]) => [name, false])), WRITES);
}

each("[data-live]", (element) => {
  const line = new EventSource(element.dataset.live);
  const subjects = new Set();
  let timer;
  // Somebody is choosing rows: they stay under their hand until they are done.
  const choosing = () => element.querySelector("[data-list] input:checked");
  let late = false;
  const list = () => {
    late = Boolean(choosing());
    if (!late) document.body.dispatchEvent(new CustomEvent("palabre:news"));
  };
  element.addEventListener("change", () => late && list());
  const tell = () => {
    list();
    const open = [...document.querySelectorAll("[hx-trigger*='palabre:news-']")];
    for (const part of open) {
      const [, id] = /palabre:news-(\d+)/.exec(part.getAttribute("hx-trigger"));
      if (subjects.has(0) || subjects.has(Number(id))) document.body.dispatchEvent(new CustomEvent(`palabre:news-${id}`));
    }
    subjects.clear();
    timer = undefined;
  };
  line.addEventListener("news", (event) => {
    subjects.add(JSON.parse(event.data));
    timer ??= setTimeout(tell, GATHER);
  });
  line.addEventListener("present", (event) => showPresent(element, JSON.parse(event.data)));
  addEventListener("pagehide", () => line.close());
});
