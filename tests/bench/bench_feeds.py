"""Feeds: our reader against feedparser on the same well-formed files, in the same run, on one core."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import feedparser
from lxml import etree

from palabre.networks.formats.feed import NotAFeed, read_feed
from tests.bench.report import Row
from tests.shared import SHARED

BAR = 20.0
ROUNDS = 12


def run() -> list[Row]:
    """Feeds a second, with and without the plain text of every entry, and what is refused."""
    folder = SHARED / "data" / "feeds"
    manifest = json.loads((folder / "manifest.json").read_text())
    bodies = {entry["file"]: (folder / entry["file"]).read_bytes() for entry in manifest}
    expected = {entry["file"]: entry["entries"] for entry in manifest}
    well_formed = [body for name, body in bodies.items() if expected[name] and _is_well_formed(name, body)]
    reference, read, told = _rates(
        well_formed,
        lambda body: len(feedparser.parse(body).entries),
        lambda body: len(read_feed(body).entries),
        lambda body: sum(len(entry.text) for entry in read_feed(body).entries),
    )
    refused = [name for name in bodies if expected[name] and _count(bodies[name]) < expected[name]]
    name = f"feedparser {feedparser.__version__}"
    return [
        _row(f"feeds read ({len(well_formed)} well-formed)", read, name, reference, f"≥ {BAR:g} ×"),
        _row("feeds read, with the plain text of every entry", told, name, reference, "printed"),
        Row(
            work="feeds refused or short of entries that feedparser reads",
            figure=len(refused),
            unit=f"of {len(bodies)}",
            bar="0",
            met=not refused,
            note=", ".join(refused),
        ),
    ]


def _row(work: str, figure: float, alternative: str, reference: float, bar: str) -> Row:
    ratio = figure / reference
    met = ratio >= BAR if bar != "printed" else None
    return Row(
        work=work,
        figure=figure,
        unit="feeds/s",
        alternative=alternative,
        alternative_figure=reference,
        ratio=ratio,
        bar=bar,
        met=met,
    )


def _is_well_formed(name: str, body: bytes) -> bool:
    if Path(name).suffix == ".json":
        return False  # feedparser does not read JSON Feed
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return False
    return True


def _rates(bodies: list[bytes], *ways: Callable[[bytes], int]) -> list[float]:
    """Feeds a second of processor time over all files, for each way; of each file the best of several rounds.

    The ways take turns, so that a busy machine is as hard on one as on the other.
    """
    best = [[float("inf")] * len(bodies) for _ in ways]
    for _ in range(ROUNDS):
        for seconds, way in zip(best, ways, strict=True):
            for place, body in enumerate(bodies):
                begun = time.process_time()
                way(body)
                seconds[place] = min(seconds[place], time.process_time() - begun)
    return [len(bodies) / sum(seconds) for seconds in best]


def _count(body: bytes) -> int:
    try:
        return len(read_feed(body).entries)
    except NotAFeed:
        return 0
