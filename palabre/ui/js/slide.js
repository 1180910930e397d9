// By touch: what is held for a moment ([data-entry]) is carried to another place ([data-day]) and let go there.
// Touch events, not pointer events: only they let a page decide after a rest that the finger no longer scrolls.
const HELD_AFTER = 330;
const SLIP = 8;
const EDGE = 60;

/** The place under a finger, and a scroll where it is near an edge of the page. */
function under({ clientX, clientY }) {
  if (clientY < EDGE) scrollBy(0, -12);
  else if (clientY > innerHeight - EDGE) scrollBy(0, 12);
  return document.elementFromPoint(clientX, clientY)?.closest("[data-day]") ?? null;
}

/** `taken(entry)`, `over(entry, place)` says whether it may go there, `dropped(entry, place)`. */
export function carried(board, { taken, over, dropped }) {
  let touched = null;
  let held = null;
  let place = null;
  let start = null;
  let timer = 0;
  const mark = (next) => {
    place?.classList.remove("over");
    place = next;
    place?.classList.add("over");
  };
  const release = () => {
    clearTimeout(timer);
    mark(null);
    held?.classList.remove("held");
    touched?.setAttribute("draggable", "true");
    touched = held = null;
  };
  board.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length > 1) return release();
      touched = event.target.closest('[data-entry][draggable="true"]');
      if (!touched) return;
      // The browser's own dragging by touch would begin a little later, and take the finger away.
      touched.setAttribute("draggable", "false");
      start = event.touches[0];
      timer = setTimeout(() => {
        held = touched;
        held.classList.add("held");
        navigator.vibrate?.(12);
        taken(held);
      }, HELD_AFTER);
    },
    { passive: true },
  );
  board.addEventListener(
    "touchmove",
    (event) => {
      const [finger] = event.touches;
      if (held) {
        event.preventDefault();
        const cell = under(finger);
        mark(cell && over(held, cell) ? cell : null);
      } else if (touched && Math.hypot(finger.clientX - start.clientX, finger.clientY - start.clientY) > SLIP) release();
    },
    { passive: false },
  );
  board.addEventListener("touchend", (event) => {
    if (held) event.preventDefault(); // not a tap on its link
    if (held && place) dropped(held, place);
    release();
  });
  board.addEventListener("touchcancel", release);
  board.addEventListener("contextmenu", (event) => touched && event.preventDefault());
}
