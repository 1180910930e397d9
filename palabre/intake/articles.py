"""Articles read whole where a feed gives only a summary: what a topic looks for may stand further down."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from palabre.kit.pace import HostPacer
from palabre.networks.contract import RemoteItem, Session
from palabre.networks.errors import NetworkError
from palabre.networks.formats.article import read_article

REMEMBERED = 50_000
"""Addresses this process has read already: a feed shows each of its entries many times."""
A_VISIT = 25
"""Articles read at one visit of a source; a longer page keeps the summaries of the rest."""


class Reader:
    """Reads articles gently and none twice; one a process."""

    def __init__(self, pacer: HostPacer) -> None:
        self._pacer = pacer
        self._read: OrderedDict[str, None] = OrderedDict()

    async def completed(self, out: Session, items: Sequence[RemoteItem]) -> list[RemoteItem]:
        """The items, in order; those that only had a summary with their article's text where it could
        be read. One that was read before is left as it is: it was matched then."""
        found, left = [], A_VISIT
        for item in items:
            if item.summary_only and item.url and left and item.url not in self._read:
                left -= 1
                found.append(await self._complete(out, item))
            else:
                found.append(item)
        return found

    async def _complete(self, out: Session, item: RemoteItem) -> RemoteItem:
        self._read[item.url] = None
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        try:
            async with self._pacer.turn(item.url):
                article = await read_article(out, item.url)
        except NetworkError:
            # The summary is still something said; the site's refusal is no failure of the source.
            return item
        if len(article.text) <= len(item.text):
            return item
        return replace(
            item, text=article.text, language=item.language or article.language, summary_only=False
        )
