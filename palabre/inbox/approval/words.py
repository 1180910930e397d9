"""Who approves answers, in words."""

from django.utils.translation import gettext as _

from palabre.inbox.models import Approves
from palabre.publishing.approval.models import ROLES


def who_words(row: Approves | None) -> str:
    """Who is asked."""
    if row is None or row.kind == "nobody":
        return _("nobody")
    match row.kind:
        case "role":
            return str(ROLES[row.role])
        case "person":
            return str(row.person or _("somebody who is no longer here"))
    return str(row.team.name if row.team else _("a team that is no longer there"))
