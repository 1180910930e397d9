"""How the rows of an import are said."""

from collections.abc import Sequence

from django import template

from palabre.channels.models import Channel
from palabre.publishing.importing.models import Import, ImportRow
from palabre.publishing.importing.selectors import faults_of, text_of
from palabre.publishing.importing.words import STATES
from palabre.publishing.words import Shown

register = template.Library()


@register.filter
def import_state(source: Import) -> Shown:
    """The state's words, icon and tone."""
    return STATES[source.state]


@register.filter
def row_text(row: ImportRow) -> str:
    """What the row says."""
    return text_of(row)


@register.filter
def row_faults(row: ImportRow, channels: Sequence[Channel]) -> list[tuple[Channel | None, str]]:
    """What is wrong with it, each with the account that says so, if one does."""
    by_key = {channel.pk: channel for channel in channels}
    return [(by_key.get(channel) if channel else None, sentence) for channel, sentence in faults_of(row)]


@register.filter
def row_channels(row: ImportRow, channels: Sequence[Channel]) -> list[Channel]:
    """Where it is to go."""
    return [channel for channel in channels if channel.pk in row.said.get("channels", ())]
