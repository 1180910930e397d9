// The script of every page: htmx and one small module per behaviour, each hung on a data-… attribute.
import "./htmx.js";
import "./theme.js";
import "./menu.js";
import "./toast.js";
import "./dialog.js";
import "./draft.js";
import "./keyboard.js";
import "./chart.js";
import "./query.js";
import "./time.js";
import "./copy.js";
import "./select.js";
import "./drop.js";
import "./composer.js";
import "./carry.js";
import "./reveal.js";
import "./passkey.js";
import "./calendar.js";
import "./share.js";
import "./live.js";
import "./answer.js";

document.documentElement.classList.add("js");
