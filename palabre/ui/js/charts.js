// Draws a Vega-Lite definition without eval, in the page's colours, letters and language.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");
const DAYS = "dimanche lundi mardi mercredi jeudi vendredi samedi".split(" ");
const FRENCH_NUMBERS = {
  decimal: ",",
  thousands: "\u202f",
  grouping: [3],
  currency: ["", "\u00a0€"],
  percent: "\u00a0%",
  minus: "\u2212",
};
const FRENCH_TIMES = {
  dateTime: "%A %e %B %Y à %X",
  date: "%d/%m/%Y",
  time: "%H:%M:%S",
  periods: ["AM", "PM"],
  days: DAYS,
  shortDays: DAYS.map((day) => `${day.slice(0, 3)}.`),
  months: MONTHS,
  shortMonths: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(" "),
};
const ENGLISH_NUMBERS = { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""], minus: "\u2212" };

/** Reads tokens as the browser resolves them for the theme in force. */
function palette() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map();
  const read = (token) => {
    if (!known.has(token)) {
      probe.style.color = "";
      probe.style.color = `var(${token})`;
      known.set(token, getComputedStyle(probe).color);
    }
    return known.get(token);
  };
  read.done = () => probe.remove();
  return read;
}

/** A text of the definition that is the name of a token ("--pos") becomes its colour. */
function coloured(value, read) {
  if (typeof value === "string") return /^--[\w-]+$/.test(value) ? read(value) : value;
  if (Array.isArray(value)) return value.map((entry) => coloured(entry, read));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, coloured(entry, read)]));
  return value;
}

function config(read) {
  const font = getComputedStyle(document.body).fontFamily;
  const [ink, muted, line] = [read("--ink"), read("--muted"), read("--line-soft")];
  const series = [1, 2, 3, 4, 5, 6].map((index) => read(`--serie-${index}`));
  return {
    background: "transparent",
    font,
    padding: 0,
    view: { stroke: null },
    range: { category: series, ordinal: series, ramp: [read("--green-soft"), read("--serie-1")] },
    axis: {
      labelColor: muted,
      titleColor: muted,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 400,
      gridColor: line,
      domain: false,
      ticks: false,
      labelPadding: 7,
      labelOverlap: "greedy",
    },
    axisX: { grid: false, labelFlush: true },
    legend: { labelColor: ink, titleColor: muted, labelFontSize: 12, symbolType: "circle", orient: "top", title: null },
    title: { color: ink, fontSize: 13, anchor: "start" },
    text: { color: ink, fontSize: 11 },
    rule: { color: muted },
    line: { strokeWidth: 2, color: series[0] },
    area: { color: series[0], line: false },
    bar: { color: series[0], cornerRadiusEnd: 2 },
    point: { color: series[0], filled: true },
    arc: { color: series[0] },
  };
}

/** The definition's own settings win, entry by entry: Altair always sets some of `view`. */
function merged(ours, theirs = {}) {
  const result = { ...ours };
  for (const [key, value] of Object.entries(theirs))
    result[key] = value && typeof value === "object" && !Array.isArray(value) ? { ...ours[key], ...value } : value;
  return result;
}

const views = new WeakMap();

/** Draw in `canvas`, in place of what was there; rejects when the definition cannot be drawn. */
export async function draw(canvas, spec) {
  const read = palette();
  const french = document.documentElement.lang.startsWith("fr");
  views.get(canvas)?.finalize();
  const made = coloured(spec, read);
  const result = await embed(
    canvas,
    { width: "container", autosize: { type: "fit", contains: "padding", resize: true }, ...made, config: merged(config(read), made.config) },
    {
      mode: "vega-lite",
      ast: true,
      expr: expressionInterpreter,
      actions: false,
      renderer: "canvas",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true, theme: "palabre" },
      formatLocale: french ? FRENCH_NUMBERS : ENGLISH_NUMBERS,
      timeFormatLocale: french ? FRENCH_TIMES : undefined,
    },
  );
  read.done();
  views.set(canvas, result);
}

/** Hand the drawn chart over as a PNG file, twice as fine as the screen. */
export async function save(canvas, name) {
  const { view } = views.get(canvas);
  const address = await view.background(getComputedStyle(document.body).backgroundColor).toImageURL("png", 2);
  await view.background("transparent").runAsync();
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name}.png`;
  link.click();
}
