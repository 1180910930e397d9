"""A network that answers what a test wrote down, and notes what it was asked."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from palabre.intake.articles import Reader
from palabre.intake.pull import Puller
from palabre.kit.pace import HostPacer
from palabre.listening.matching import Matcher
from palabre.networks.contract import Cursor, Page, RemoteItem, Session, Watch
from palabre.networks.errors import NetworkError


@dataclass
class Scripted:
    """Gives its answers one after another; `meanwhile` happens before each answer."""

    answers: list[Page | NetworkError]
    asked: list[tuple[Watch, Cursor | None]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def _next(self) -> Page:
        answer = self.answers.pop(0)
        if isinstance(answer, NetworkError):
            raise answer
        return answer

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        from asgiref.sync import sync_to_async

        self.asked.append((watch, cursor))
        await sync_to_async(self.meanwhile)()
        return self._next()

    async def stream(self, session: Session, watch: Watch, cursor: Cursor | None) -> AsyncIterator[Page]:
        self.asked.append((watch, cursor))
        while True:
            yield self._next()

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        return raw


def hurried() -> Puller:
    """A puller that waits for nobody."""
    pacer = HostPacer(interval=0, jitter=0)
    return Puller(Matcher(), pacer, Reader(pacer))
