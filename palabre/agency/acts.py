"""The acts of the audit log in words: a code written by a room, a sentence for who reads."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ACTS = {
    "team.invite": gettext_lazy("invited"),
    "team.invite_again": gettext_lazy("invited again"),
    "team.revoke": gettext_lazy("took an invitation back"),
    "team.join": gettext_lazy("joined the team"),
    "team.role": gettext_lazy("changed a role"),
    "team.grant": gettext_lazy("changed a role in a brand"),
    "team.remove": gettext_lazy("removed from the team"),
    "team.leave": gettext_lazy("left the team"),
    "team.hand_over": gettext_lazy("handed the organisation over"),
    "team.group": gettext_lazy("made a team"),
    "team.regroup": gettext_lazy("changed a team"),
    "team.ungroup": gettext_lazy("dissolved a team"),
    "organisation.rename": gettext_lazy("renamed the organisation"),
    "brand.create": gettext_lazy("added a brand"),
    "brand.change": gettext_lazy("changed a brand"),
    "brand.archive": gettext_lazy("archived a brand"),
    "brand.restore": gettext_lazy("brought a brand back"),
    "brand.delete": gettext_lazy("deleted a brand"),
    "brand.keep": gettext_lazy("changed how long mentions are kept"),
    "privacy.sweep": gettext_lazy("deleted what was past its time"),
    "privacy.export": gettext_lazy("exported what is held on a person"),
    "privacy.erase": gettext_lazy("erased a person"),
    "topic.create": gettext_lazy("made a topic"),
    "topic.change": gettext_lazy("changed a topic"),
    "topic.pause": gettext_lazy("paused a topic"),
    "topic.resume": gettext_lazy("resumed a topic"),
    "topic.delete": gettext_lazy("deleted a topic"),
    "topic.restore": gettext_lazy("brought a topic back"),
    "source.add": gettext_lazy("added a source"),
    "source.pause": gettext_lazy("paused a source"),
    "source.resume": gettext_lazy("resumed a source"),
    "source.remove": gettext_lazy("removed a source"),
    "rule.create": gettext_lazy("made a rule"),
    "rule.change": gettext_lazy("changed a rule"),
    "rule.delete": gettext_lazy("deleted a rule"),
    "alert.create": gettext_lazy("made an alert"),
    "alert.change": gettext_lazy("changed an alert"),
    "alert.pause": gettext_lazy("paused an alert"),
    "alert.resume": gettext_lazy("resumed an alert"),
    "alert.delete": gettext_lazy("deleted an alert"),
    "alert.unsubscribe": gettext_lazy("left an alert"),
    "alert.send_again": gettext_lazy("sent an alert again"),
    "item.paste": gettext_lazy("pasted a mention"),
    "mention.read": gettext_lazy("marked mentions as read"),
    "mention.unread": gettext_lazy("marked mentions as unread"),
    "mention.ignore": gettext_lazy("ignored mentions"),
    "mention.restore": gettext_lazy("took ignored mentions up again"),
    "mention.tag": gettext_lazy("tagged mentions"),
    "mention.untag": gettext_lazy("took a tag away"),
    "tag.rename": gettext_lazy("renamed a tag"),
    "tag.delete": gettext_lazy("deleted a tag"),
    "mention.correct": gettext_lazy("corrected a tone"),
    "mention.undo": gettext_lazy("took an act back"),
    "approval.steps": gettext_lazy("changed the approval steps"),
    "approval.ask": gettext_lazy("sent contents for approval"),
    "approval.approve": gettext_lazy("approved a content"),
    "approval.refuse": gettext_lazy("refused a content"),
    "approval.expire": gettext_lazy("let an approval expire"),
    "approval.release": gettext_lazy("let a content go: no approval step was left"),
}
"""Every act that has words; another one is shown as its code."""


def rooms() -> list[tuple[str, str]]:
    """The first part of the codes, for the filter."""
    return [
        ("team", _("Team")),
        ("organisation", _("Organisation")),
        ("brand", _("Brands")),
        ("privacy", _("Privacy")),
        ("topic", _("Topics")),
        ("source", _("Sources")),
        ("rule", _("Rules")),
        ("alert", _("Alerts")),
        ("mention", _("Mentions")),
        ("approval", _("Approvals")),
    ]


def words_of(act: str) -> str:
    """What was done, in the reader's language."""
    return str(ACTS.get(act, act))
