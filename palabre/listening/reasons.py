"""Why a mention is there and why it was judged so: what matched, and the words that weighed most."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from palabre.enrichment import reasons
from palabre.listening.selectors import MentionRow
from palabre.query import Document, Query, QueryError, matched_terms, parse
from palabre.stream.models import Item, Sentiment

SHOWN = 420
"""Characters of a text on the page; the whole is one click away."""
WORDS = 3


@dataclass(frozen=True, kw_only=True)
class ExplainedRow:
    """A row of the page with its reasons. Spans are (start, end) in the shown title and text."""

    row: MentionRow
    title_spans: list[tuple[int, int]]
    text: str
    text_spans: list[tuple[int, int]]
    is_cut: bool
    words: tuple[str, ...]

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.row.item


@lru_cache(maxsize=2_000)
def _parsed(source: str) -> Query | None:
    try:
        return parse(source)
    except QueryError:
        # A topic saved by an older version: its mentions are shown without marks.
        return None


def explained_rows(rows: Sequence[MentionRow]) -> list[ExplainedRow]:
    """The rows of a page, in order."""
    return [_explained(row) for row in rows]


def _explained(row: MentionRow) -> ExplainedRow:
    item, author = row.item, row.item.author
    document = Document(
        id=str(item.pk),
        title=item.title,
        text=item.text,
        author=f"{author.handle} {author.name}" if author else "",
        url=item.url,
        network=item.network,
        lang=item.language,
        country=item.country,
    )
    spans = {
        (span.field, span.start, span.end)
        for topic in row.topics
        if (query := _parsed(topic.query)) is not None
        for span in matched_terms(query, document)
    }
    in_text = sorted((start, end) for field, start, end in spans if field == "text")
    begin = _begin(item.text, in_text)
    text = item.text[begin : begin + SHOWN]
    return ExplainedRow(
        row=row,
        title_spans=sorted((start, end) for field, start, end in spans if field == "title"),
        text=("…" if begin else "") + text,
        text_spans=[
            (start - begin + bool(begin), end - begin + bool(begin))
            for start, end in in_text
            if start >= begin and end <= begin + SHOWN
        ],
        is_cut=begin + SHOWN < len(item.text),
        words=_words(item),
    )


def _begin(text: str, spans: Sequence[tuple[int, int]]) -> int:
    """Where to begin so that the first match is seen: at the start, or at a word shortly before it."""
    if not spans or spans[0][1] <= SHOWN:
        return 0
    return text.rfind(" ", 0, spans[0][0] - 80) + 1


def _words(item: Item) -> tuple[str, ...]:
    """What weighed most for the tone; a person's own judgement needs no reason."""
    if item.tone == Sentiment.NEUTRAL or item.tone_set_at is not None:
        return ()
    found = reasons(f"{item.title}\n{item.text}"[:2_000], "sentiment", item.language or None, limit=12)
    heavy = (reason.word.casefold() for reason in found if reason.weight > 0)
    return tuple(dict.fromkeys(word for word in heavy if _tells(word)))[:WORDS]


def _tells(word: str) -> bool:
    """A short word or a sign weighs by its company and explains nothing to a reader; an emoji does."""
    return len(word) > 3 if word[:1].isalnum() else not word.isascii()
