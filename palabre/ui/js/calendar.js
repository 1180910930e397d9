// [data-calendar]: contents are dragged to another day or hour, or moved by keyboard (M, arrows, Enter, Escape).
// The page shows the move at once; the server decides, and what it refuses goes back where it was.
import { announce, each, word } from "./page.js";
import { carried } from "./slide.js";
import { toast } from "./toast.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const pad = (number) => String(number).padStart(2, "0");
const home = (entry) => entry.closest("[data-day]");
const time = (entry) => entry.querySelector(".ev-words b");

/** Where an entry would stand in a cell: by its minutes of the day. */
function put(entry, cell) {
  const list = cell.querySelector(".evs");
  const next = [...list.children].find((other) => other !== entry && time(other)?.textContent > time(entry).textContent);
  list.insertBefore(entry, next ?? null);
}

/** A lane keeps its account: the networks of a content are not chosen by dragging. */
const fits = (entry, cell) => cell && cell !== home(entry) && cell.dataset.channel === home(entry).dataset.channel;

async function send(board, entry, cell, from, clock) {
  const [hours, minutes] = clock.split(":");
  const data = new FormData();
  data.set("parts", entry.dataset.entry);
  data.set("seen", entry.dataset.at);
  data.set("day", cell.dataset.day);
  data.set("hour", `${cell.dataset.hour ? pad(cell.dataset.hour) : hours}:${minutes}`);
  entry.setAttribute("aria-busy", "true");
  let told;
  try {
    const answer = await fetch(board.dataset.move, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") },
    });
    told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : { said: word("refused") };
  } catch {
    told = { said: word("offline") };
  }
  entry.removeAttribute("aria-busy");
  if (told.moved) {
    entry.dataset.at = told.at;
    time(entry).textContent = told.time;
    put(entry, cell);
    toast(told.said);
  } else {
    time(entry).textContent = clock;
    put(entry, from);
    toast(told.said, { level: "error" });
  }
}

function drop(board, entry, cell, from) {
  const clock = time(entry).textContent;
  put(entry, cell);
  return send(board, entry, cell, from, clock);
}

function drag(board) {
  let held = null;
  const clear = () => board.querySelector(".over")?.classList.remove("over");
  board.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-entry]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.textContent.trim());
    held.classList.add("held");
  });
  board.addEventListener("dragover", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!held || !fits(held, cell)) return;
    event.preventDefault();
    clear();
    cell.classList.add("over");
  });
  board.addEventListener("drop", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!held || !fits(held, cell)) return;
    event.preventDefault();
    drop(board, held, cell, home(held));
  });
  board.addEventListener("dragend", () => {
    clear();
    held?.classList.remove("held");
    held = null;
  });
}

/** The cell a step away in the table, in the same lane where there are lanes. */
function beside(cell, [across, down]) {
  const row = cell.parentElement;
  const column = [...row.children].filter((other) => other.matches("[data-day]")).indexOf(cell);
  const rows = [...row.parentElement.children];
  let at = column + across;
  let line = rows.indexOf(row) + (cell.dataset.channel ? 0 : down);
  const width = row.querySelectorAll("[data-day]").length;
  if (at < 0 || at >= width) {
    if (cell.dataset.channel || cell.dataset.hour) return null; // a week has an end; a month goes on with the next line
    line += Math.sign(across);
    at = (at + width) % width;
  }
  return rows[line]?.querySelectorAll("[data-day]")[at] ?? null;
}

function keys(board) {
  let held = null;
  let from = null;
  const release = () => {
    held?.classList.remove("held");
    held = null;
  };
  const back = () => {
    if (home(held) !== from) put(held, from);
    held.querySelector("a").focus();
    release();
    announce(board.dataset.left);
  };
  board.addEventListener("keydown", (event) => {
    const entry = event.target.closest("[data-entry]");
    if (!held) {
      if (!entry || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
      held = entry;
      from = home(entry);
      held.classList.add("held");
      announce(board.dataset.taken);
    } else if (ARROWS[event.key]) {
      const cell = beside(home(held), ARROWS[event.key]);
      if (cell) {
        put(held, cell);
        held.querySelector("a").focus();
        const hour = cell.dataset.hour ? `, ${pad(cell.dataset.hour)}:00` : "";
        const day = new Date(`${cell.dataset.day}T12:00`);
        announce(new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" }).format(day) + hour);
      }
    } else if (event.key === "Enter" || event.key === " ") {
      const [entry, cell, start] = [held, home(held), from];
      release();
      if (cell === start) announce(board.dataset.left);
      else send(board, entry, cell, start, time(entry).textContent).then(() => entry.querySelector("a").focus());
    } else if (event.key === "Escape") back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  board.addEventListener("focusout", (event) => {
    // Moving an element takes its focus away for a moment; leaving it for good puts it back.
    setTimeout(() => held && !board.contains(document.activeElement) && event.isTrusted && back(), 0);
  });
}

each("[data-calendar]", (board) => {
  drag(board);
  carried(board, {
    taken: (entry) => announce(`${entry.textContent.trim()}. ${board.dataset.carried}`),
    over: (entry, cell) => fits(entry, cell),
    dropped: (entry, cell) => drop(board, entry, cell, home(entry)),
  });
  keys(board);
});
