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
ROUNDS = 5


def run() -> list[Row]:
    """Feeds a second, with and without the plain text of every entry, and what is refused."""
    folder = SHARED / "data" / "feeds"
    manifest = json.loads((folder / "manifest.json").read_text())
    bodies = {entry["file"]: (folder / entry["file"]).read_bytes() for entry in manifest}
    expected = {entry["file"]: entry["entries"] for entry in manifest}
    well_formed = [body for name, body in bodies.items() if expected[name] and _is_well_formed(name, body)]
    reference = _rate(lambda body: len(feedparser.parse(body).entries), well_formed, rounds=1)
    read = _rate(lambda body: len(read_feed(body).entries), well_formed)
    told = _rate(lambda body: sum(len(entry.text) for entry in read_feed(body).entries), well_formed)
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
    return Row(work=work, figure=figure, unit="feeds/s", alternative=alternative, alternative_figure=reference,
               ratio=ratio, bar=bar, met=met)  # fmt: skip


def _is_well_formed(name: str, body: bytes) -> bool:
    if Path(name).suffix == ".json":
        return False  # feedparser does not read JSON Feed
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return False
    return True


def _rate(work: Callable[[bytes], int], bodies: list[bytes], rounds: int = ROUNDS) -> float:
    """Feeds a second over all files, the best of `rounds`."""
    best = float("inf")
    for _ in range(rounds + 1):  # one to warm up
        begun = time.process_time()
        for body in bodies:
            work(body)
        best = min(best, time.process_time() - begun)
    return len(bodies) / best


def _count(body: bytes) -> int:
    try:
        return len(read_feed(body).entries)
    except NotAFeed:
        return 0
