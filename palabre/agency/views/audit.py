"""The log of the organisation: who did what, when; a filter; CSV."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from palabre.agency.access import OrganisationRequest, for_organisation
from palabre.agency.acts import setting, words_of
from palabre.agency.audit import AuditFilter, entries
from palabre.agency.forms import AuditForm
from palabre.agency.models import AuditEntry
from palabre.agency.roles import Right, Role

AT_ONCE = 50
CSV_MOST = 100_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _asked(request: OrganisationRequest) -> tuple[AuditForm, AuditFilter]:
    people = [(m.user_id, str(m.user)) for m in request.organisation.members.select_related("user")]
    brands = list(request.organisation.brands.exclude(state="deleting").values_list("pk", "name"))
    form = AuditForm(request.GET or None, people=people, brands=brands)
    return form, form.wanted()


@for_organisation(Right.ADMINISTER)
def audit(request: OrganisationRequest) -> HttpResponse:
    """The newest entries first, a page at a time."""
    form, wanted = _asked(request)
    rows = entries(request.organisation, wanted)
    before = request.GET.get("before", "")
    page = list((rows.filter(pk__lt=int(before)) if before.isdecimal() else rows)[: AT_ONCE + 1])
    kept = {key: value for key, value in request.GET.items() if key != "before" and value}
    older = "?" + urlencode({**kept, "before": page[AT_ONCE - 1].pk}) if len(page) > AT_ONCE else ""
    context = {
        "organisation": request.organisation,
        "form": form,
        "rows": [(entry, words_of(entry.act), _change(entry)) for entry in page[:AT_ONCE]],
        "older": older,
        "newest": "?" + urlencode(kept) if before else "",
        "query": urlencode(kept),
    }
    return render(request, "agency/audit.html", context)


def _change(entry: AuditEntry) -> str:
    """What changed, in a line; nothing for what holds only ids."""
    return " → ".join(text for value in (entry.before, entry.after) if (text := _brief(value)))


def _brief(value: Any) -> str:
    if value is None or value == "" or (isinstance(value, list) and value and isinstance(value[0], list)):
        return ""
    if isinstance(value, dict):
        told = (_of(key, part) for key, part in value.items() if not isinstance(part, bool))
        return " · ".join(filter(None, told))[:200]
    if isinstance(value, list):
        return ", ".join(map(str, value))[:200]
    return str(_ROLES.get(value, value) if isinstance(value, str) else value)[:200]


_ROLES = dict(Role.choices)


def _of(key: str, part: Any) -> str:
    """One setting of several: a code in words, anything else as it is. What is only yes or no says nothing
    without its name and is left out before."""
    words = setting(key, part) if isinstance(part, str) else None
    return _brief(part) if words is None else words


@for_organisation(Right.ADMINISTER)
def audit_csv(request: OrganisationRequest) -> HttpResponse:
    """The same entries as a spreadsheet; times in the reader's zone."""
    _form, wanted = _asked(request)
    out = io.StringIO()
    out.write("\ufeff")
    sheet = csv.writer(out)
    sheet.writerow(
        [_("When"), _("Who"), _("Brand"), _("What"), _("About"), _("Before"), _("After"), _("Why")]
    )
    for entry in entries(request.organisation, wanted)[:CSV_MOST]:
        cells = [
            timezone.localtime(entry.at).isoformat(timespec="seconds"),
            str(entry.by or ""),
            entry.brand.name if entry.brand else "",
            entry.act,
            entry.subject,
            "" if entry.before is None else json.dumps(entry.before, ensure_ascii=False),
            "" if entry.after is None else json.dumps(entry.after, ensure_ascii=False),
            entry.why,
        ]
        # What strangers wrote never becomes a formula.
        sheet.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="palabre-audit.csv"'
    return response
