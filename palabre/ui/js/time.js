// <time data-when>: the full date in the reader's own zone as a title; "12 min ago" stays true while one reads.
import { each, word } from "./page.js";

const language = () => document.documentElement.lang || "fr";

function full(date) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "short" }).format(date);
}

function zone(date) {
  const parts = new Intl.DateTimeFormat(language(), { timeZoneName: "short" }).formatToParts(date);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

function ago(element, date) {
  const minutes = Math.floor((Date.now() - date) / 60_000);
  if (minutes < 0 || minutes >= 360) return;
  if (minutes < 1) element.textContent = word("now");
  else if (minutes < 60) element.textContent = word("minutes").replace("{count}", minutes);
  else element.textContent = word("hours").replace("{count}", Math.floor(minutes / 60));
}

each("time[data-when]", (element) => {
  const date = new Date(element.dateTime);
  if (Number.isNaN(date.getTime())) return;
  element.title = `${full(date)} (${zone(date)})`;
  if (element.dataset.when === "ago") setInterval(() => element.isConnected && ago(element, date), 60_000);
});
