"""Blocks put into a content: their words filled in with what is known."""

from django.utils import timezone

from palabre.agency.models import Brand
from palabre.publishing.composing.models import Block, BlockKind
from palabre.ui import moments


def filled(text: str, brand: Brand) -> str:
    """The words of a block with what is known of the brand and the day; other `{words}` stay."""
    now = timezone.localtime()
    known = {
        "{brand}": brand.name,
        "{marque}": brand.name,
        "{site}": brand.website,
        "{date}": moments.day(now),
        "{year}": str(now.year),
        "{annee}": str(now.year),
        "{année}": str(now.year),
    }
    for word, meant in known.items():
        text = text.replace(word, meant)
    return text


def joined(text: str, block: Block, brand: Brand) -> str:
    """The text with the block put where it belongs: hashtags on the last line, the rest below."""
    words = filled(block.text, brand).strip()
    if not text.strip():
        return words
    if block.kind == BlockKind.HASHTAGS and "\n" not in words:
        return f"{text.rstrip()} {words}"
    return f"{text.rstrip()}\n\n{words}"
