"""What a person says of a file of the library, and how folders are named."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from palabre.publishing.fields import TagsField
from palabre.publishing.library.assets import Facts
from palabre.publishing.models import Asset, Folder


class AssetForm(forms.Form):
    """The name, what it shows, where it lies, whose it is."""

    name = forms.CharField(label=_("Name"), max_length=200)
    alt = forms.CharField(
        label=_("Alternative text"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What it shows, for who cannot see it. Each content may say it otherwise."),
    )
    folder: Any = forms.ModelChoiceField(
        label=_("Folder"), queryset=None, required=False, empty_label=_("No folder")
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    rights = forms.CharField(
        label=_("Rights"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Who made it, what was agreed, the credit that is due."),
    )
    expires_on = forms.DateField(
        label=_("May be published until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("That day included. After it, no content that shows it can be planned."),
    )

    def __init__(self, data: QueryDict | None, *, asset: Asset) -> None:
        super().__init__(
            data,
            initial={
                "name": asset.name.rpartition(".")[0] or asset.name,
                "alt": asset.alt,
                "folder": asset.folder_id,
                "tags": asset.tags,
                "rights": asset.rights,
                "expires_on": asset.expires_on,
            },
        )
        self.asset = asset
        self.fields["folder"].queryset = Folder.objects.all()  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        """What was typed; the form is valid."""
        return Facts(**self.cleaned_data)

    def stored(self, *, add: str) -> Facts:
        """What is known, with one more tag."""
        asset = self.asset
        return Facts(
            name=asset.name,
            alt=asset.alt,
            folder=asset.folder,
            tags=tuple(dict.fromkeys([*asset.tags, add])),
            rights=asset.rights,
            expires_on=asset.expires_on,
        )


class FolderForm(forms.Form):
    """A folder's name."""

    name = forms.CharField(label=_("Name of the folder"), max_length=80)
