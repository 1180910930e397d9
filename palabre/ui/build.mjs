// Builds what the browser needs into palabre/ui/static/build/: one sheet, one script, charts apart,
// the fonts, and a sprite of the icons that templates and Python name. `--watch` rebuilds on change.
import { gzipSync } from "node:zlib";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

const UI = dirname(fileURLToPath(import.meta.url));
const PACKAGE = dirname(UI);
const MODULES = join(dirname(PACKAGE), "node_modules");
const OUT = join(UI, "static", "build");
const BUDGET = 250_000; // bytes of compressed script and style before charts (UX.md, Fast)
const SKIPPED = new Set(["static", "tests", "migrations", "locale", "__pycache__", "models"]);

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* sources(path);
    } else if ([".html", ".py", ".js"].includes(extname(entry.name))) yield path;
  }
}

// An icon is named as {% icon "ear" %}, icon="ear" (tag or Python), icon: "ear" (script) or in icons.py.
const NAMED = [
  /\{%\s*(?:icon|empty|banner)\s+["']([a-z0-9-]+)["']/g,
  /\bicon["']?\s*[=:]\s*["']([a-z0-9-]+)["']/g,
  /\bicon: str = "([a-z0-9-]+)"/g,
  /\b(?:svg|icon)\("([a-z0-9-]+)"/g,
];

function namedIcons() {
  const names = new Map();
  for (const path of sources(PACKAGE)) {
    const text = readFileSync(path, "utf8");
    const patterns = path === join(UI, "icons.py") ? [/: "([a-z0-9-]+)"/g] : NAMED;
    for (const pattern of patterns)
      for (const [, name] of text.matchAll(pattern)) if (!names.has(name)) names.set(name, path);
  }
  return names;
}

function sprite() {
  const symbols = [];
  const unknown = [];
  for (const [name, where] of [...namedIcons()].sort()) {
    const filled = name.endsWith("-filled");
    const file = join(MODULES, "@tabler/icons/icons", filled ? "filled" : "outline", `${name.replace(/-filled$/, "")}.svg`);
    if (!existsSync(file)) {
      unknown.push(`${name} (${where})`);
      continue;
    }
    const inner = readFileSync(file, "utf8")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "")
      .replace(/\s*\n\s*/g, "");
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${inner}</symbol>`);
  }
  writeFileSync(join(OUT, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return { count: symbols.length, unknown };
}

// What our own sheets draw is not taken from Tabler: its rules for those classes are dropped.
function ownClasses(css) {
  return [...new Set([...css.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name))];
}

async function sheet() {
  const own = readdirSync(join(UI, "css")).filter((name) => name.endsWith(".css")).sort();
  const ours = own.map((name) => readFileSync(join(UI, "css", name), "utf8")).join("\n");
  const blocked = new RegExp(`\\.(${ownClasses(ours).join("|")})(?![\\w-])`);
  const [tabler] = await new PurgeCSS().purge({
    css: [{ raw: readFileSync(join(MODULES, "@tabler/core/dist/css/tabler.css"), "utf8") }],
    content: [{ raw: [...sources(PACKAGE)].map((path) => readFileSync(path, "utf8")).join("\n"), extension: "html" }],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  const base = postcss.parse(tabler.css.replace(/@charset[^;]*;/, ""));
  base.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
    rule.selectors = rule.selectors.filter((selector) => !blocked.test(selector) && !selector.includes("data-bs-theme=dark"));
    if (!rule.selectors.join("")) rule.remove();
  });
  await build({
    stdin: { contents: `@layer tabler, palabre;\n@layer tabler {${base.toString()}}\n${ours}`, loader: "css", resolveDir: join(UI, "css") },
    outfile: join(OUT, "palabre.css"),
    minify: true,
    bundle: true,
    external: ["*.woff2"],
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "warning",
  });
}

async function scripts() {
  const options = {
    bundle: true,
    minify: true,
    format: "esm",
    outdir: OUT,
    logLevel: "warning",
    legalComments: "none",
    target: ["chrome123", "firefox120", "safari17.5"],
  };
  await build({ ...options, entryPoints: [join(UI, "js", "palabre.js")] });
  const charts = join(UI, "js", "charts.js");
  if (existsSync(charts)) await build({ ...options, entryPoints: [charts] });
}

function fonts() {
  mkdirSync(join(OUT, "fonts"), { recursive: true });
  for (const subset of ["latin", "latin-ext"])
    copyFileSync(
      join(MODULES, `@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`),
      join(OUT, "fonts", `inter-${subset}.woff2`),
    );
}

function weigh() {
  const size = (name) => gzipSync(readFileSync(join(OUT, name)), { level: 9 }).length;
  const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const style = size("palabre.css");
  const script = size("palabre.js");
  const charts = existsSync(join(OUT, "charts.js")) ? size("charts.js") : 0;
  console.log(
    `style ${kilo(style)} + script ${kilo(script)} = ${kilo(style + script)} gzipped (budget ${kilo(BUDGET)}); ` +
      `charts ${kilo(charts)} where there is one; icons ${kilo(size("icons.svg"))}`,
  );
  if (style + script > BUDGET) throw new Error("over the budget for script and style");
}

async function everything() {
  mkdirSync(OUT, { recursive: true });
  const { count, unknown } = sprite();
  fonts();
  await sheet();
  await scripts();
  console.log(`${count} icons in the sprite`);
  weigh();
  if (unknown.length) throw new Error(`no such icon in @tabler/icons: ${unknown.join(", ")}`);
}

rmSync(OUT, { recursive: true, force: true });
await everything();

if (process.argv.includes("--watch")) {
  let waiting;
  watch(PACKAGE, { recursive: true }, (_event, name) => {
    if (!name || !/\.(html|py|js|css)$/.test(name) || name.includes("static/build")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => everything().catch((error) => console.error(error.message)), 150);
  });
}
