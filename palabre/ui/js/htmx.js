// htmx under the strict content policy: no eval, no style element, no page kept in local storage.
import htmx from "htmx.org/dist/htmx.esm.js";
import { announce, word } from "./page.js";
import { toast } from "./toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  attributesToSettle: ["class", "width", "height"], // a style attribute would be refused
  scrollBehavior: "instant",
  timeout: 30_000, // milliseconds
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // a form sent back with its errors
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;

let pending = 0;
const line = () => document.getElementById("progress-line");
const quiet = (event) => event.detail.elt?.matches?.("[data-quiet], [hx-trigger^='every']");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (quiet(event)) return;
  pending += 1;
  line()?.classList.add("on");
  event.detail.target?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
  if (quiet(event)) return;
  pending = Math.max(0, pending - 1);
  if (!pending) line()?.classList.remove("on");
});
// The session ended meanwhile: the answer is the sign-in page, which belongs in the window, not in a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { responseURL } = event.detail.xhr;
  if (!responseURL || !new URL(responseURL).pathname.startsWith("/accounts/")) return;
  if (location.pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const said = event.detail.target?.querySelector?.("[data-announce]") ?? event.detail.target?.closest?.("[data-announce]");
  if (said) announce(said.dataset.announce);
});
for (const name of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(name, (event) => quiet(event) || toast(word("offline"), { level: "error" }));
document.addEventListener("htmx:responseError", (event) => {
  if (quiet(event)) return;
  const { status } = event.detail.xhr;
  if (status === 401) location.reload();
  else toast(word(status >= 500 ? "broken" : "refused"), { level: "error" });
});
