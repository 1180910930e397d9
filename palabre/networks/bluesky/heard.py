"""A post of a live line at a glance: of its message only what matching reads is decoded.

On the path: `lines` → here → `posts.glanced`. Most posts are nobody's: what is in their messages beside the
text waits, undecoded, until somebody's topic matches (`Heard.event`).
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import orjson

Tag = Annotated[str, msgspec.Meta(max_length=40)]
"""A language as people declare it; longer ones are read whole, as everything out of the ordinary."""


class Record(msgspec.Struct, gc=False):
    """Of an `app.bsky.feed.post` what its text is made of; what is not text is read by `posts`."""

    text: str = ""
    langs: Annotated[tuple[Tag, ...], msgspec.Meta(max_length=10)] | None = None
    facets: Any = None
    tags: Any = None
    embed: Any = None


class Commit(msgspec.Struct, gc=False):
    """Where a record is and what became of it."""

    collection: str = ""
    operation: str = ""
    rkey: str = ""
    record: Record | None = None


class Glance(msgspec.Struct, gc=False):
    """An event of Jetstream; every part may be missing, none is of another type."""

    did: str = ""
    time_us: Annotated[int, msgspec.Meta(gt=0, lt=2**53)] | None = None
    kind: str = ""
    commit: Commit | None = None


class Heard(msgspec.Struct, gc=False, frozen=True):
    """A message that makes a post, and the profile of who posted it, if known."""

    did: str
    rkey: str
    record: Record
    message: str | bytes
    author: Mapping[str, Any] | None = None

    def event(self) -> dict[str, Any]:
        """All of it, in Jetstream's JSON; empty for what turns out not to be JSON in a part not looked at."""
        try:
            event: dict[str, Any] = orjson.loads(self.message)
        except ValueError:
            return {}
        return {**event, "author": dict(self.author)} if self.author else event

    def by(self, profile: Mapping[str, Any]) -> "Heard":
        """The same, said by somebody who is known."""
        return Heard(self.did, self.rkey, self.record, self.message, profile)


_decoder = msgspec.json.Decoder(Glance)


def glance(message: str | bytes) -> Glance | None:
    """None for what is not of the ordinary shape: whoever reads it whole then says what it is."""
    try:
        return _decoder.decode(message)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
