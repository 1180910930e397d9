"""The form of a word list: what it does, where, its entries typed or brought in a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.channels.models import Channel
from palabre.moderation.models import WordList
from palabre.moderation.ruling.forms import article_field
from palabre.moderation.wordlists.acts import TAKES_TEXT, WAYS, WordAct
from palabre.moderation.wordlists.exchange import Brought, Row, as_csv, bring
from palabre.moderation.wordlists.words import REFUSED

BIGGEST = 1_000_000
"""Bytes of a file."""


class WordListForm(forms.ModelForm):
    """Words, and one act."""

    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=400_000,
        strip=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "One entry a line: a word, or several in a row. * stands for any letters of a word (arnaqu*, "
            "*tube*). After a comma, what stands in its place or the address it links to; after a second, "
            "“true” where capitals count. Case, accents and invisible characters hide nothing."
        ),
    )
    file = forms.FileField(
        label=_("Add the entries of a file"),
        required=False,
        help_text=_("A word a line, or CSV, as Discourse gives them out."),
    )

    channel: "forms.ModelChoiceField[Channel]" = forms.ModelChoiceField(
        label=_("Account"), queryset=None, required=False, empty_label=_("every account")
    )

    class Meta:
        model = WordList
        fields = ("name", "act", "disguised", "label")
        help_texts = {
            "disguised": _("c0nnard, m.e.r.d.e, coooon: digits, signs, spaces and drawn-out letters."),
            "label": _("For “put a label on it”: it is made if there is none of this name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        brand = self.instance.brand
        self.fields["channel"].queryset = Channel.objects.filter(brand=brand)  # type: ignore[attr-defined]
        self.initial.setdefault("channel", self.instance.channel_id)
        self.fields["label"].required = False
        self.fields["article"] = article_field(brand)
        self.initial.setdefault("article", self.instance.article)
        self.rows: tuple[Row, ...] = ()
        if self.instance.pk and not self.is_bound:
            kept = self.instance.words.values_list("text", "replacement", "cased")
            self.initial["words"] = as_csv(
                Row(text=text, replacement=replacement, cased=cased) for text, replacement, cased in kept
            )

    def clean(self) -> dict[str, Any]:
        """The entries can be looked for, and the act has what it needs."""
        cleaned = super().clean() or self.cleaned_data
        act = WordAct(cleaned.get("act") or WordAct.FLAG)
        self.instance.channel = cleaned.get("channel")
        text = cleaned.get("words") or ""
        file = cleaned.get("file")
        if file is not None:
            if file.size > BIGGEST:
                self.add_error("file", _("The file is larger than 1 MB."))
            else:
                text += "\n" + file.read().decode("utf-8", "replace")
        self._take(bring(text, replaces=act in TAKES_TEXT))
        if act is WordAct.TAG and not (cleaned.get("label") or "").strip():
            self.add_error("label", _("Say which label."))
        if WAYS.get(act) and not cleaned.get("article"):
            self.add_error("article", _("Name the article: this list changes or takes away what people say."))
        return cleaned

    def _take(self, brought: Brought) -> None:
        self.rows = brought.rows
        for refused in brought.refused[:10]:
            self.add_error(
                "words",
                _("Line %(line)d, “%(text)s”: %(why)s.")
                % {"line": refused.line, "text": refused.text, "why": REFUSED[refused.code]},
            )
        if not brought.rows and not brought.refused:
            self.add_error("words", _("Type at least one word."))
