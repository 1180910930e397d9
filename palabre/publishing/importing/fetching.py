"""Pictures that a file names by their address: fetched once through the guarded way out, into the library."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings

from palabre.agency.models import Brand, User
from palabre.channels.sessions import USER_AGENT
from palabre.kit.http import Http, HttpFailure, Limits
from palabre.publishing.library.assets import take_in
from palabre.publishing.library.probing import Refused

PATIENCE = Limits(connect=5.0, read=10.0, total=30.0)
HEAVIEST = 30_000_000
"""Bytes of a file that is fetched: a film is added to the library by hand."""
MOST = 300
"""Addresses a file of contents may have fetched."""
_WORDS = {
    "too_large": "image_heavy",
    "bad_status": "image_gone",
    "bad_url": "image_forbidden",
    "bad_scheme": "image_forbidden",
    "forbidden_port": "image_forbidden",
    "forbidden_address": "image_forbidden",
}
"""What a failed exchange is called among the faults of a row; all others: nobody answered."""


class Unfetched(Exception):
    """It could not be had, or is not taken: the code of a fault with what its sentence names."""

    def __init__(self, *, code: str, params: dict[str, Any]) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Fetcher:
    """Fetches for one import, each address once. `alive` is called around each: it may take a while."""

    def __init__(self, *, brand: Brand, by: User | None, alive: Callable[[], None]) -> None:
        self._brand, self._by, self._alive = brand, by, alive
        self._known: dict[str, int | Unfetched] = {}

    def __call__(self, address: str) -> int:
        """The key of the file in the library. Raises Unfetched."""
        if address not in self._known:
            self._alive()
            self._known[address] = self._fetched(address)
            self._alive()
        found = self._known[address]
        if isinstance(found, Unfetched):
            raise found
        return found

    def _fetched(self, address: str) -> int | Unfetched:
        if len(self._known) >= MOST:
            return Unfetched(code="images_many", params={"most": MOST})
        named = {"name": address[:200]}
        try:
            body = async_to_sync(_read)(address)
            name = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2]) or "image"
            return take_in(brand=self._brand, by=self._by, name=name, chunks=[body]).pk
        except HttpFailure as failure:
            return Unfetched(code=_WORDS.get(failure.reason, "image_unreachable"), params=named)
        except Refused as refused:
            return Unfetched(
                code="image_refused", params={**named, "why": refused.code, "numbers": refused.params}
            )


async def _read(address: str) -> bytes:
    allowed = settings.ENV.allowed_networks
    async with Http(allow=allowed, user_agent=USER_AGENT, limits=PATIENCE) as http:
        accept = {"accept": "image/*, */*;q=0.5"}
        answer = await http.request("GET", address, headers=accept, max_bytes=HEAVIEST)
    if answer.status >= 400:
        raise HttpFailure("bad_status", urlsplit(address).hostname or "", str(answer.status), sent=True)
    return answer.body
