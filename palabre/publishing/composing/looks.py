"""How a network shows a content: its shape, what stands under it, where a long text is folded.

`looks.json` holds what is particular, by network. The places of the folds are what one sees on a
telephone, in characters: no network writes them down, so they are near and not exact.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Look:
    """`shape`: post (name beside the text), feed (name above), picture (picture first) or page (title
    first). `acts` names the row of signs under it. `fold`: after how many characters “… more” stands."""

    shape: str = "post"
    acts: str = ""
    fold: int | None = None

    def folded(self, text: str) -> tuple[str, str]:
        """What is seen at once, and what is behind “… more”: cut at the end of a word."""
        if self.fold is None or len(text) <= self.fold + 10:
            return text, ""
        end = max(text.rfind(" ", 0, self.fold), text.rfind("\n", 0, self.fold))
        end = end if end > self.fold // 2 else self.fold
        return text[:end], text[end:]


@cache
def _looks() -> dict[str, Look]:
    told = json.loads((Path(__file__).parent / "looks.json").read_text(encoding="utf-8"))
    return {key: Look(**entry) for key, entry in told.items()}


def look_of(network: str) -> Look:
    """How a network shows a content; a plain post where nothing particular is known."""
    return _looks().get(network, Look())
