"""The composer's form: a content once, what each channel says differently, and when it is to leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.publishing.composing.compose import PostDraft
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.media_fields import Row, stored, typed
from palabre.publishing.fields import Filed, TagsField
from palabre.publishing.hours import NoSuchHour, moment
from palabre.publishing.models import Post

TEXT_MOST = 100_000
PARTS_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Own:
    """What one channel says and shows of its own."""

    channel: Channel
    said: Content
    changes: Mapping[str, Any]

    @property
    def words(self) -> bool:
        """Whether it has its own words."""
        return "text" in self.changes

    @property
    def pictures(self) -> bool:
        """Whether it has its own files."""
        return "media" in self.changes

    @property
    def pictures_shown(self) -> list[Row]:
        """Its own files, in order."""
        return stored(self.said.media) if self.pictures else []

    @property
    def key(self) -> str:
        """The channel, for the name of an act."""
        return str(self.channel.pk)

    @property
    def prefix(self) -> str:
        """What its fields begin with."""
        return f"own-{self.channel.pk}-"


class ComposerForm(Filed):
    """What is said. Thread parts come as repeated `part` fields, a channel's own words as `own-<id>-…`."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    channels = forms.TypedMultipleChoiceField(
        label=_("Where"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea({"rows": 7, "placeholder": _("What would you like to say?")}),
    )
    link = forms.URLField(
        label=_("Link with a card"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("Shown as a card under the text where the network makes one."),
    )
    first_comment = forms.CharField(
        label=_("First comment"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Sent right after, where the network has comments."),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    excerpt = forms.CharField(
        label=_("Excerpt"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    categories = TagsField(label=_("Categories"), required=False, help_text=_("Separated by commas."))
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    name = forms.CharField(
        label=_("Name within the team"),
        required=False,
        max_length=160,
        help_text=_("Never published; the first words stand in for it."),
    )
    note = forms.CharField(
        label=_("Note to the team"), required=False, max_length=5000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: QueryDict | None, *, channels: Sequence[Channel], post: Post | None) -> None:
        super().__init__(data, initial=_initial(post))
        self.brand_channels = {channel.pk: channel for channel in channels}
        self.fields["channels"].choices = [(channel.pk, str(channel)) for channel in channels]  # type: ignore[attr-defined]
        self.post = post

    @property
    def chosen(self) -> list[Channel]:
        """The channels ticked now, typed or stored, in their order on the page."""
        ticked = {int(pk) for pk in self["channels"].value() or () if str(pk).isdigit()}
        return [channel for pk, channel in self.brand_channels.items() if pk in ticked]

    @property
    def parts(self) -> tuple[str, ...]:
        """What follows the text in a thread, empty ones left out only when saved."""
        if not self.is_bound:
            return self.post.said.parts if self.post else ()
        return tuple(self._list("part")[:PARTS_MOST])

    @property
    def pictures_shown(self) -> list[Row]:
        """The files, in order."""
        if not self.is_bound:
            return stored(self.post.said.media) if self.post else []
        return typed(self.data)  # type: ignore[arg-type]

    @property
    def owns(self) -> list[Own]:
        """What each chosen channel says and shows of its own, for the page."""
        content, changes = self.content(), self.changes()
        return [
            Own(channel=channel, said=content.with_changes(changes[channel.pk]), changes=changes[channel.pk])
            for channel in self.chosen
        ]

    @property
    def for_blog(self) -> bool:
        """Whether one of the chosen channels asks for a title."""
        return any(rules_for(channel).title for channel in self.chosen)

    def content(self) -> Content:
        """The content as typed, also while it is not fit to be saved."""
        if not self.is_bound:
            return self.post.said if self.post else Content()
        words_typed = {
            name: self[name].value() or "" for name in ("text", "first_comment", "title", "excerpt")
        }
        words = TagsField(required=False)
        kept = self.post.said if self.post else Content()
        return Content(
            **{name: value.replace("\r\n", "\n") for name, value in words_typed.items()},
            parts=tuple(part for part in self.parts if part.strip()),
            link=(self["link"].value() or "").strip(),
            categories=words.to_python(self["categories"].value()),
            tags=words.to_python(self["tags"].value()),
            media=tuple(row.medium for row in self.pictures_shown),
            language=kept.language,
            visibility=kept.visibility,
            slug=kept.slug,
        )

    def changes(self) -> dict[int, dict[str, Any]]:
        """What each chosen channel says in its own words, by channel."""
        found: dict[int, dict[str, Any]] = {}
        if not self.is_bound:
            variants = self.post.variants.all() if self.post else ()
            stored = {variant.channel_id: variant.changes for variant in variants}
            return {channel.pk: dict(stored.get(channel.pk, {})) for channel in self.chosen}
        for channel in self.chosen:
            prefix = f"own-{channel.pk}"
            own: dict[str, Any] = {}
            if self.data.get(prefix):
                own["text"] = self.data.get(f"{prefix}-text", "").replace("\r\n", "\n")
                own["parts"] = [part for part in self._list(f"{prefix}-part") if part.strip()]
                own["first_comment"] = self.data.get(f"{prefix}-first_comment", "").replace("\r\n", "\n")
            if self.data.get(f"{prefix}-pictures"):
                rows = typed(self.data, f"{prefix}-")  # type: ignore[arg-type]
                own["media"] = Content(media=tuple(row.medium for row in rows)).written().get("media", [])
            found[channel.pk] = own
        return found

    def draft(self) -> PostDraft:
        """What to save; the form is valid."""
        cleaned = self.cleaned_data
        return PostDraft(
            content=self.content(),
            channels=self.changes(),
            name=cleaned["name"],
            campaign=cleaned["campaign"],
            pillar=cleaned["pillar"],
            note=cleaned["note"],
        )

    def _list(self, name: str) -> list[str]:
        data: Any = self.data
        return [value.replace("\r\n", "\n") for value in data.getlist(name)]


class HourForm(forms.Form):
    """When it is to leave, on the clock of the brand."""

    # A draft is saved without an hour: the browser must not insist on one.
    use_required_attribute = False

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day on which it is to leave.")},
    )
    hour = forms.TimeField(
        label=_("Hour"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose the hour at which it is to leave.")},
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)

    def clean(self) -> dict[str, Any]:
        """The moment, told apart from an hour that does not exist and one that is over."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "day" not in cleaned or "hour" not in cleaned:
            return cleaned
        try:
            at = moment(datetime.combine(cleaned["day"], cleaned["hour"]), self.zone)
        except NoSuchHour as skipped:
            said = gettext("The clocks change that night: this hour does not exist. %(instead)s does.")
            instead = skipped.instead.strftime("%H:%M")
            raise ValidationError({"hour": said % {"instead": instead}}) from None
        if at < timezone.now():
            raise ValidationError({"hour": gettext("This hour is over: choose one to come, or publish now.")})
        cleaned["at"] = at
        return cleaned


def _initial(post: Post | None) -> dict[str, Any]:
    if post is None:
        return {}
    said = post.said
    return {
        "revision": post.revision,
        "channels": [variant.channel_id for variant in post.variants.all()],
        "text": said.text,
        "link": said.link,
        "first_comment": said.first_comment,
        "title": said.title,
        "excerpt": said.excerpt,
        "categories": said.categories,
        "tags": said.tags,
        "name": post.name,
        "campaign": post.campaign_id,
        "pillar": post.pillar_id,
        "note": post.note,
    }


class AddressForm(forms.Form):
    """Where a person saw a content published; optional, for networks that show no address."""

    url = forms.URLField(label=_("Its address"), required=False, max_length=1000, assume_scheme="https")
