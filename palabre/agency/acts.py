"""The acts of the audit log in words: a code written by a room, a sentence for who reads."""

from django.utils.functional import Promise
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
    "brand.zone": gettext_lazy("changed the time zone of a brand"),
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
    "source.change": gettext_lazy("changed a source"),
    "rule.create": gettext_lazy("made a rule"),
    "rule.change": gettext_lazy("changed a rule"),
    "rule.delete": gettext_lazy("deleted a rule"),
    "alert.create": gettext_lazy("made an alert"),
    "alert.change": gettext_lazy("changed an alert"),
    "alert.pause": gettext_lazy("paused an alert"),
    "alert.resume": gettext_lazy("resumed an alert"),
    "alert.delete": gettext_lazy("deleted an alert"),
    "alert.unsubscribe": gettext_lazy("left an alert"),
    "alert.readdress": gettext_lazy("gave the feed of an alert another address"),
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
    "channel.connect": gettext_lazy("connected an account"),
    "channel.sign_in": gettext_lazy("signed an account in again"),
    "channel.remove": gettext_lazy("removed an account"),
    "channel.stop": gettext_lazy("stopped an account that has to be signed in again"),
    "publishing.stop": gettext_lazy("stopped everything"),
    "publishing.resume": gettext_lazy("took everything up again"),
    "post.delete": gettext_lazy("put a content away"),
    "asset.delete": gettext_lazy("took a file out of the library"),
    "asset.sweep": gettext_lazy("deleted files for good"),
    "import.save": gettext_lazy("saved contents from a file"),
    "import.undo": gettext_lazy("took an import back"),
    "queue.slots": gettext_lazy("changed the hours of the queue"),
    "relay.begin": gettext_lazy("followed a feed for contents"),
    "relay.change": gettext_lazy("changed a feed for contents"),
    "relay.pause": gettext_lazy("paused a feed for contents"),
    "relay.resume": gettext_lazy("resumed a feed for contents"),
    "relay.last": gettext_lazy("took the last entries of a feed"),
    "relay.delete": gettext_lazy("forgot a feed for contents"),
    "inbox.reply": gettext_lazy("answered a conversation"),
    "inbox.retry": gettext_lazy("sent an answer once more"),
    "inbox.drop": gettext_lazy("gave an answer up"),
    "inbox.assign": gettext_lazy("gave a conversation to somebody"),
    "inbox.prioritise": gettext_lazy("changed how pressing a conversation is"),
    "inbox.put": gettext_lazy("moved a conversation"),
    "recurring.begin": gettext_lazy("made a recurring content"),
    "recurring.change": gettext_lazy("changed a recurring content"),
    "recurring.pause": gettext_lazy("paused a recurring content"),
    "recurring.resume": gettext_lazy("resumed a recurring content"),
    "recurring.end": gettext_lazy("ended a recurring content"),
    "recurring.delete": gettext_lazy("deleted a recurring content"),
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
        ("item", _("Pasted mentions")),
        ("tag", _("Tags")),
        ("channel", _("Accounts")),
        ("post", _("Contents")),
        ("approval", _("Approvals")),
        ("publishing", _("Stopping everything")),
        ("asset", _("Library")),
        ("import", _("Imports")),
        ("inbox", _("Conversations")),
        ("queue", _("Queue of contents")),
        ("recurring", _("Recurring contents")),
        ("relay", _("Contents from feeds")),
    ]


def words_of(act: str) -> str:
    """What was done, in the reader's language."""
    return str(ACTS.get(act, act))


SETTINGS: dict[str, dict[str, str | Promise]] = {
    "about": {
        "ours": gettext_lazy("our brand"),
        "competitor": gettext_lazy("a competitor"),
        "market": gettext_lazy("the market"),
    },
    "quality": {"all": gettext_lazy("all results"), "best": gettext_lazy("only the best")},
    "languages_mode": {"strict": gettext_lazy("strictly"), "preferred": ""},
    "regions_mode": {"strict": gettext_lazy("strictly"), "preferred": ""},
}
"""What the codes of settings mean, by the name of the setting; what leaves nothing out is not told."""


def setting(name: str, code: str) -> str | None:
    """A code of a setting in the reader's language; None for what is no code."""
    words = SETTINGS.get(name, {}).get(code)
    return None if words is None else str(words)
