"""What is wrong with a row, and where an import stands, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.channels.words import language
from palabre.publishing.importing.rows import Fault
from palabre.publishing.library.probing import REASONS
from palabre.publishing.words import Shown
from palabre.ui import moments

FAULTS: dict[str, str | Promise] = {
    "quotes": _("A quotation mark is opened and never closed: nothing of this line can be read."),
    "too_long": _("This line is far too long for a content."),
    "columns_over": _(
        "It has more cells than the file has columns: put a text with commas between quotation marks."
    ),
    "characters": _("Some characters could not be read: save the file as “CSV UTF-8”."),
    "no_date": _("It has no date."),
    "date": _("“%(typed)s” is not a date that exists."),
    "no_hour": _("It has no hour."),
    "hour": _("“%(typed)s” does not end with an hour, such as 09:30."),
    "no_such_hour": _("The clocks change that night: %(typed)s does not exist. %(instead)s does."),
    "past": _("Its hour is over."),
    "no_account": _("No account is chosen for it."),
    "account_unknown": _("No account of this brand is called “%(name)s”."),
    "link": _("“%(typed)s” is not an address."),
    "image_unknown": _("No file of the library is called “%(name)s”: add it there first."),
    "image_forbidden": _("“%(name)s” is not an address that may be reached from here."),
    "image_gone": _("“%(name)s”: its server says there is no such file, or hands it to nobody."),
    "image_heavy": _("“%(name)s” is heavier than 30 MB: add it to the library by hand."),
    "image_unreachable": _("“%(name)s”: its server did not answer. Try again, or add the file by hand."),
    "image_refused": _("“%(name)s”: %(why)s"),
    "images_many": _("This file names more than %(most)s pictures by their address: add these by hand."),
    "saved_before": _("Already brought in with “%(file)s” on %(at)s."),
    "same_line": _("It says the same as line %(line)s."),
}
"""Our own reasons; those of the networks are in their message table."""

STATES = {
    "reading": Shown(_("being read"), icon="loader-2"),
    "asking": Shown(_("a question for you"), icon="help-circle", tone="warning"),
    "ready": Shown(_("to confirm"), icon="eye", tone="warning"),
    "saving": Shown(_("being saved"), icon="loader-2"),
    "done": Shown(_("brought in"), icon="circle-check", tone="positive"),
    "stopped": Shown(_("stopped halfway"), icon="player-stop", tone="warning"),
    "undoing": Shown(_("being taken back"), icon="loader-2"),
    "undone": Shown(_("taken back"), icon="arrow-back-up"),
    "failed": Shown(_("could not be read"), icon="alert-triangle", tone="negative"),
    "cancelled": Shown(_("cancelled"), icon="x"),
}
"""How each state of an import is shown."""

FAILURES: dict[str, str | Promise] = {
    "empty": _("The file is empty."),
    "binary": _("This is no CSV file. In your spreadsheet, save the sheet as “CSV UTF-8”, then choose that."),
    "no_columns": _(
        "No columns were found in it. It needs a first line with the names of the columns, or Hootsuite’s "
        "three columns: date and hour, message, link."
    ),
}
"""Why a file could not be read at all."""

LAYOUTS: dict[str, str | Promise] = {
    "hootsuite": _("Hootsuite’s three columns"),
    "sprout": _("Sprout Social’s columns"),
    "palabre": _("columns with their names"),
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows 1252",
    "mac_roman": "Mac Roman",
}
SEPARATORS: dict[str, str | Promise] = {
    ",": _("commas"),
    ";": _("semicolons"),
    "\t": _("tabs"),
    "|": _("bars"),
}


def fault_sentence(stored: Mapping[str, Any]) -> str:
    """One fault of a row, as `Fault` was stored, in the reader's language."""
    fault = Fault(**stored)
    if fault.code == "network":
        return fault.problem.message(language())
    params = dict(fault.params)
    if "at" in params:
        params["at"] = moments.day(timezone.localtime(datetime.fromisoformat(params["at"])))
    if fault.code == "image_refused":
        params["why"] = REASONS[params["why"]] % params.pop("numbers")
    return str(FAULTS[fault.code]) % params
