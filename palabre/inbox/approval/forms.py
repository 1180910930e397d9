"""Who approves the answers of a brand and of each of its accounts, as a person chooses it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from palabre.agency.models import Brand, Team, User
from palabre.inbox.approval.words import who_words
from palabre.inbox.models import Approves
from palabre.kit.text import fold
from palabre.publishing.approval.models import ROLES
from palabre.publishing.approval.queues import people_of


class WhoForm(forms.Form):
    """One choice: nobody, a role, a team or a person; for an account also "as the brand"."""

    who = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, brand: Brand, row: Approves | None, account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._brand = brand
        chosen = _value(row)
        choices = _choices(brand, account)
        known = {value for group in choices for value in _values(group)}
        if row and chosen not in known:
            choices.append((_("No longer here"), [(chosen, who_words(row))]))
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.label = _("Answers are approved by")
        self.initial = {"who": chosen}

    def chosen(self) -> dict[str, Any]:
        """As `deciding.set_approver` takes it."""
        kind, _colon, which = self.cleaned_data["who"].partition(":")
        found: dict[str, Any] = {"kind": kind}
        if kind == "role":
            found["role"] = which
        elif kind == "person":
            found["person"] = User.objects.filter(pk=int(which)).first() if which else None
        elif kind == "team":
            found["team"] = Team.objects.filter(pk=int(which)).first() if which else None
        return found


def _value(row: Approves | None) -> str:
    if row is None:
        return ""
    which = {"role": row.role, "person": row.person_id, "team": row.team_id}.get(row.kind)
    return f"{row.kind}:{'' if which is None else which}" if row.kind != "nobody" else "nobody"


def _choices(brand: Brand, account: bool) -> list[Any]:
    users = User.objects.filter(pk__in=[person.pk for person in people_of(brand)])
    people = sorted(((f"person:{user.pk}", str(user)) for user in users), key=lambda row: fold(row[1]))
    teams = [(f"team:{team.pk}", team.name) for team in brand.organisation.teams.all()]
    roles = [(f"role:{role}", words) for role, words in ROLES.items()]
    first = [("", _("as for the brand")), ("nobody", _("nobody"))] if account else [("", _("nobody"))]
    return [*first, (_("Roles"), roles), (_("Teams"), teams), (_("People"), people)]


def _values(group: Any) -> list[str]:
    value, options = group
    return [one for one, _words in options] if isinstance(options, list) else [value]
