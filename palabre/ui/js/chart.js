// <figure data-chart="spec-id">: fetches the drawing code when a chart comes near, and draws again with the theme.
import { each, word } from "./page.js";

let drawing;
const shown = new Set();

const code = () => (drawing ??= import(document.documentElement.dataset.charts));

async function draw(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  try {
    const { draw } = await code();
    await draw(canvas, spec);
    canvas.removeAttribute("data-failed");
  } catch (error) {
    console.error(error);
    canvas.textContent = word("chartFailed");
    canvas.dataset.failed = "";
    figure.querySelector("details")?.setAttribute("open", "");
  }
}

const near = new IntersectionObserver(
  (found) => {
    for (const { target, isIntersecting } of found) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      shown.add(target);
      draw(target);
    }
  },
  { rootMargin: "200px" },
);

each("[data-chart]", (figure) => near.observe(figure));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-chart-save]");
  if (!button) return;
  const { save } = await code();
  await save(button.closest("figure").querySelector(".chart-canvas"), button.dataset.chartSave);
});
document.addEventListener("palabre:theme", () => {
  for (const figure of shown) {
    if (figure.isConnected) draw(figure);
    else shown.delete(figure);
  }
});
