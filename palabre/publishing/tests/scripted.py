"""A network that does as the test says: it keeps what it was handed, and answers in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from palabre.networks.contract import Session
from palabre.networks.errors import OutcomeUnknown
from palabre.networks.outgoing import Outgoing, Published, Sent, after, next_step


@dataclass
class Scripted:
    """`answers`: for each call of `publish` in turn, an error to raise instead of publishing; None publishes.

    An `OutcomeUnknown` is raised after the step was done where `lost_after_doing` is true. `blind`:
    the network cannot say what stands there. `finds`: for each call of `find` in turn, an error to raise.
    """

    answers: list[Exception | None] = field(default_factory=list)
    lost_after_doing: bool = True
    blind: bool = False
    finds: list[Exception] = field(default_factory=list)
    standing: dict[str, list[Sent]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    during: Callable[[], Any] | None = None

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """One step, unless the script has an error for this call."""
        answer = self.answers.pop(0) if self.answers else None
        if self.during:
            await self.during()
        if answer and not (isinstance(answer, OutcomeUnknown) and self.lost_after_doing):
            raise answer
        sent = self._do(outgoing, done)
        if answer:
            raise answer
        return after(outgoing, done, sent)

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """What stands beyond `done`."""
        if self.finds:
            raise self.finds.pop(0)
        if self.blind:
            raise OutcomeUnknown("cannot_tell")
        standing = tuple(self.standing.get(outgoing.key, ()))
        return after(outgoing, done, *standing[len(done) :]) if len(standing) > len(done) else None

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[()]:
        return ()

    async def limits(self, session: Session) -> dict[str, Any]:
        return {}

    def texts(self) -> Iterator[str]:
        """Every text that stands there, as often as it stands there."""
        return (sent.extra["text"] for posts in self.standing.values() for sent in posts)

    def _do(self, outgoing: Outgoing, done: tuple[Sent, ...]) -> Sent:
        step = next_step(outgoing, done)
        assert step is not None
        self.calls.append(step)
        place = len(done)
        text = outgoing.parts[place].text if place < len(outgoing.parts) else outgoing.first_comment
        sent = Sent(
            step=step,
            remote_id=f"{outgoing.key}/{step}",
            url=f"https://reseau.example/{outgoing.key}/{step}",
            at=datetime.fromisoformat("2026-11-23T12:00:00+00:00"),
            extra={"text": text},
        )
        self.standing.setdefault(outgoing.key, []).append(sent)
        return sent
