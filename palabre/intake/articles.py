"""Articles read whole where a feed gives only a summary: what a topic looks for may stand further down."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from palabre.kit.pace import HostBusy, HostPacer
from palabre.networks.contract import RemoteItem, Session
from palabre.networks.errors import NetworkError, RateLimited
from palabre.networks.formats.article import read_article

REMEMBERED = 50_000
"""Addresses this process has read already: a feed shows each of its entries many times."""
A_VISIT = 25
"""Articles read at one visit of a source; a longer page keeps the summaries of the rest."""
PATIENCE = 10.0
"""Seconds to wait for an article's host; one that rests longer is not worth holding the others up."""


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
        host = urlsplit(item.url).hostname or ""
        try:
            async with self._pacer.turn(host, patience=PATIENCE):
                self._remember(item.url)
                article = await read_article(out, item.url)
        except (NetworkError, HostBusy) as refusal:
            # The summary is still something said; the site's refusal is no failure of the source.
            if isinstance(refusal, RateLimited):
                self._pacer.rest(host, refusal.retry_after)
            return item
        if len(article.text) <= len(item.text):
            return item
        return replace(
            item, text=article.text, language=item.language or article.language, summary_only=False
        )

    def _remember(self, url: str) -> None:
        self._read[url] = None
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
