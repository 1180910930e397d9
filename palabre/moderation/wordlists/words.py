"""Word lists in words: acts, what each comes to on an account, and why an entry is refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palabre.moderation.wordlists.acts import Way, WordAct
from palabre.networks.moderating import Act

Text = str | Promise

ACTS: dict[WordAct, tuple[Text, str]] = {
    WordAct.FLAG: (pgettext_lazy("word list", "Bring it to the queue"), "flag"),
    WordAct.TAG: (pgettext_lazy("word list", "Put a label on it"), "tag"),
    WordAct.LINK: (pgettext_lazy("word list", "Make the words a link"), "link"),
    WordAct.REPLACE: (pgettext_lazy("word list", "Replace the words"), "replace"),
    WordAct.CENSOR: (pgettext_lazy("word list", "Black the words out"), "eraser"),
    WordAct.APPROVAL: (pgettext_lazy("word list", "Hold it until somebody approves it"), "hand-stop"),
    WordAct.BLOCK: (pgettext_lazy("word list", "Take it away"), "trash"),
    WordAct.SILENCE: (pgettext_lazy("word list", "Silence its author"), "volume-off"),
}
HAPPENS: dict[Act, Text] = {
    Act.REWRITE: _("the words are changed there"),
    Act.HIDE: _("the message is hidden"),
    Act.HOLD: _("the message is held back until somebody approves it"),
    Act.DELETE: _("the message is deleted"),
    Act.MUTE: _("its author is muted"),
}
WITHOUT: dict[WordAct, Text] = {
    WordAct.FLAG: _("it comes to the queue"),
    WordAct.TAG: _("the conversation gets the label"),
}
REFUSED: dict[str, Text] = {
    "empty": _("there is no word in it"),
    "wide": _("it would meet almost everything: name at least two letters of a word"),
    "long": _("it is longer than 100 characters"),
    "many": _("it is more than 8 words"),
    "person": _(
        "it names a person, an address or a number: a list holds words, mute or block people instead"
    ),
    "bare": _("it does not say what stands in its place"),
    "full": _("the list is full: 2,000 entries"),
}
CODES: dict[str, Text] = {
    "": "",
    "already": _("it was so already"),
    "no_article": _("no article of the charter in force: it is in the queue"),
    "unable": _("the network does not let us: it is in the queue"),
}


def happens(act: WordAct, way: Way) -> Text:
    """What a list comes to on one account."""
    if way.act is None:
        return WITHOUT.get(act) or _("the network does not let us: it comes to the queue")
    return HAPPENS[way.act]
