"""How a picture is made to fit a network: cut, scaled and turned into another format by its rules. Pure.

The plan is worked out from figures alone, so that the composer can tell what will happen at every key;
`pictures.py` carries it out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from palabre.networks.rules import MediaKind, MediaRules
from palabre.publishing.composing.content import Crop

SENDABLE = ("image/jpeg", "image/png", "image/webp")
"""What every browser shows; anything else is turned into one of them."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What is to be done. `box` is left, top, right, bottom in pixels of the upright picture.

    `width` and `height` in pixels once done. `still`: an animation loses its movement.
    """

    kind: MediaKind
    mime: str
    box: tuple[int, int, int, int]
    width: int
    height: int
    max_bytes: int | None = None
    trimmed: bool = False
    still: bool = False


def fit(
    *,
    kind: MediaKind,
    mime: str,
    width: int,
    height: int,
    crop: Crop | None,
    rules: Mapping[MediaKind, MediaRules],
) -> Fit:
    """How a picture of this size goes out: the part that was chosen, else the middle, within the rules."""
    limits = rules.get(MediaKind.IMAGE) or MediaRules(most=0)
    moves = kind is MediaKind.GIF
    if moves and (MediaKind.GIF in rules or limits.takes("image/gif")):
        whole = (0, 0, width, height)
        as_kind = kind if MediaKind.GIF in rules else MediaKind.IMAGE
        return Fit(kind=as_kind, mime=mime, box=whole, width=width, height=height)
    box = _chosen(width, height, crop)
    within = _within_ratio(box, limits)
    shown = _scaled(within, limits)
    return Fit(
        kind=MediaKind.IMAGE,
        mime=_format(mime, limits),
        box=within,
        width=shown[0],
        height=shown[1],
        max_bytes=limits.max_bytes,
        trimmed=within != box,
        still=moves,
    )


def _chosen(width: int, height: int, crop: Crop | None) -> tuple[int, int, int, int]:
    if crop is None:
        return (0, 0, width, height)
    left, top = round(crop.left * width), round(crop.top * height)
    right, bottom = round((crop.left + crop.width) * width), round((crop.top + crop.height) * height)
    left, top = max(0, min(left, width - 1)), max(0, min(top, height - 1))
    return (left, top, max(left + 1, min(right, width)), max(top + 1, min(bottom, height)))


def _within_ratio(box: tuple[int, int, int, int], limits: MediaRules) -> tuple[int, int, int, int]:
    """The middle of what was chosen, no narrower and no wider than the network shows."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    narrow, wide = limits.ratios
    if narrow is not None and width / height < narrow:
        kept = max(1, int(width / narrow))
        top += (height - kept) // 2
        bottom = top + kept
    elif wide is not None and width / height > wide:
        kept = max(1, int(height * wide))
        left += (width - kept) // 2
        right = left + kept
    return (left, top, right, bottom)


def _scaled(box: tuple[int, int, int, int], limits: MediaRules) -> tuple[int, int]:
    """Never larger than it is: pixels that nobody took are not made up."""
    width, height = box[2] - box[0], box[3] - box[1]
    share = 1.0
    if limits.sides[1] is not None:
        share = min(share, limits.sides[1] / max(width, height))
    if limits.pixels is not None:
        share = min(share, (limits.pixels / (width * height)) ** 0.5)
    return (max(1, int(width * share)), max(1, int(height * share))) if share < 1 else (width, height)


def _format(mime: str, limits: MediaRules) -> str:
    if mime in SENDABLE and limits.takes(mime):
        return mime
    # What may be transparent stays so where it can.
    order = ("image/jpeg", "image/png", "image/webp")
    if mime in ("image/png", "image/gif", "image/webp"):
        order = ("image/png", "image/webp", "image/jpeg")
    return next((each for each in order if limits.takes(each)), "image/jpeg")


SHAPES: Mapping[str, float | None] = {
    "": None,
    "1:1": 1.0,
    "4:5": 0.8,
    "3:4": 0.75,
    "9:16": 9 / 16,
    "4:3": 4 / 3,
    "16:9": 16 / 9,
    "1.91:1": 1.91,
}
"""The shapes a person chooses from, as width by height; "" is the picture's own."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A crop as a person sets it: a shape, how near (100 to 400 %), and where (0 to 100 across and down)."""

    shape: str = ""
    near: int = 100
    across: int = 50
    down: int = 50

    def crop(self, width: int, height: int) -> Crop | None:
        """The part of a picture of this size, None for the whole of it."""
        ratio = SHAPES[self.shape]
        across, down = 1.0, 1.0
        if ratio is not None:
            across = min(1.0, ratio * height / width)
            down = min(1.0, width / (ratio * height))
        across, down = across * 100 / self.near, down * 100 / self.near
        if across > 0.999 and down > 0.999:
            return None
        left, top = (1 - across) * self.across / 100, (1 - down) * self.down / 100
        return Crop(left=round(left, 4), top=round(top, 4), width=round(across, 4), height=round(down, 4))


def framed(crop: Crop | None, width: int, height: int) -> Frame:
    """The frame that gives this crop, as near as the shapes allow."""
    if crop is None:
        return Frame()
    ratio = crop.width * width / (crop.height * height)
    own = width / height
    known = {name: value or own for name, value in SHAPES.items()}
    shape = min(known, key=lambda name: abs(known[name] - ratio))
    full = Frame(shape=shape).crop(width, height) or Crop()
    near = round(max(full.width / crop.width, full.height / crop.height) * 100)
    across = crop.left / (1 - crop.width) * 100 if crop.width < 0.999 else 50
    down = crop.top / (1 - crop.height) * 100 if crop.height < 0.999 else 50
    return Frame(shape=shape, near=min(400, max(100, near)), across=round(across), down=round(down))
