"""`palabre bursts SERIES.csv`: an anomaly score for each point of a series, judged from the past alone.

Reads `timestamp,value` (other columns are passed over), writes `timestamp,value,anomaly_score` as it
reads. Pure: needs neither Django nor a database.
"""

import argparse
import contextlib
import csv
import math
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TextIO

from palabre.insight.bursts import BurstDetector
from palabre.kit.language import Language, terminal_language

SETTLED = 20
"""Gaps between points after which the step of a series is taken as known."""

MESSAGES: dict[str, dict[Language, str]] = {
    "absent": {
        "fr": "Le fichier {path} n’existe pas.",
        "en": "There is no file {path}.",
    },
    "unreadable": {
        "fr": "Impossible de lire {path}\u00a0: est-ce bien un fichier, et en avez-vous le droit\u202f?",
        "en": "Cannot read {path}: is it a file, and may you read it?",
    },
    "encoding": {
        "fr": "{path} n’est pas en UTF-8\u00a0: réenregistrez le fichier dans cet encodage.",
        "en": "{path} is not in UTF-8: save the file again in that encoding.",
    },
    "empty": {
        "fr": "Le fichier est vide\u00a0: une ligne d’en-tête «\u00a0timestamp,value\u00a0» est attendue.",
        "en": "The file is empty: a header line “timestamp,value” is expected.",
    },
    "column": {
        "fr": "Ligne {line}\u00a0: il manque la colonne «\u00a0{column}\u00a0» (trouvé\u00a0: {found}).",
        "en": "Line {line}: the column “{column}” is missing (found: {found}).",
    },
    "cell": {
        "fr": "Ligne {line}\u00a0: il n’y a rien dans la colonne «\u00a0{column}\u00a0».",
        "en": "Line {line}: there is nothing in the column “{column}”.",
    },
    "csv": {
        "fr": "Ligne {line}\u00a0: ce n’est pas du CSV ({reason}).",
        "en": "Line {line}: this is not CSV ({reason}).",
    },
    "timestamp": {
        "fr": "Ligne {line}\u00a0: «\u00a0{found}\u00a0» n’est pas une date (comme 2015-02-26 21:42:53).",
        "en": "Line {line}: “{found}” is not a date and time (such as 2015-02-26 21:42:53).",
    },
    "zone": {
        "fr": "Ligne {line}\u00a0: certaines dates ont un fuseau horaire, d’autres non.",
        "en": "Line {line}: some dates have a time zone and others have none.",
    },
    "value": {
        "fr": "Ligne {line}\u00a0: «\u00a0{found}\u00a0» n’est pas un nombre de mentions (0 ou plus).",
        "en": "Line {line}: “{found}” is not a number of mentions (0 or more).",
    },
    "backwards": {
        "fr": "Ligne {line}\u00a0: le temps recule, {found} vient après {before}. Triez la série par date.",
        "en": "Line {line}: time goes backwards, {found} comes after {before}. Sort the series by date.",
    },
    "step": {
        "fr": "Le pas doit être un nombre de minutes positif.",
        "en": "The step must be a positive number of minutes.",
    },
}


class SeriesFault(ValueError):
    """A series that cannot be read: `code` names the reason in MESSAGES, `params` fill it in."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params

    def message(self, language: Language) -> str:
        """What is wrong, where, and what was expected."""
        return MESSAGES[self.code][language].format(**self.params)


class Watch:
    """A detector that finds out the step of its series by itself, from past gaps alone.

    While the step is not settled the points are few, so that on a better guess they are learnt anew.
    """

    def __init__(self, *, step: timedelta | None, season: str) -> None:
        self._fixed = step
        self._season = season
        self._detector = None if step is None else self._new(step)
        self._gaps: list[timedelta] = []
        self._points: list[tuple[datetime, float]] = []

    def score(self, timestamp: datetime, value: float) -> float:
        """The point's anomaly score; 0 while there is nothing to compare it with."""
        if self._fixed is None and len(self._gaps) < SETTLED:
            self._pace(timestamp)
            self._points.append((timestamp, value))
        if self._detector is None:
            return 0.0
        return self._detector.update(timestamp, value).score

    def _pace(self, timestamp: datetime) -> None:
        """Take the median gap as the step; start anew when it is no longer what was thought."""
        if not self._points or timestamp == self._points[-1][0]:
            return
        self._gaps.append(timestamp - self._points[-1][0])
        step = timedelta(seconds=median(gap.total_seconds() for gap in self._gaps))
        if self._detector is None or not 0.67 < step / self._detector.step < 1.5:
            self._detector = self._new(step)
            for point in self._points:
                self._detector.update(*point)

    def _new(self, step: timedelta) -> BurstDetector:
        return BurstDetector(step=step, season=self._season)  # type: ignore[arg-type]  # argparse checks it


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    french = terminal_language() == "fr"
    parser.add_argument(
        "series",
        metavar="SERIES.csv",
        help="colonnes timestamp,value\u00a0; - pour l’entrée standard"
        if french
        else "columns timestamp,value; - for standard input",
    )
    parser.add_argument(
        "--step",
        type=float,
        metavar="MINUTES",
        help="temps entre deux points (sinon trouvé en lisant)"
        if french
        else "time between two points (else found while reading)",
    )
    parser.add_argument(
        "--season",
        choices=("week", "day", "none"),
        default="week",
        help="rythme à apprendre" if french else "rhythm to learn",
    )


def run(args: argparse.Namespace) -> int:
    """Print the scores; 2 with a word on stderr when the series cannot be read."""
    try:
        if args.step is not None and not 0 < args.step < math.inf:
            raise SeriesFault("step")
        step = None if args.step is None else timedelta(minutes=args.step)
        with _opened(args.series) as lines:
            _judge(lines, sys.stdout, Watch(step=step, season=args.season), live=args.series == "-")
    except SeriesFault as fault:
        sys.stdout.flush()
        print(fault.message(terminal_language()), file=sys.stderr)
        return 2
    except UnicodeDecodeError:
        print(SeriesFault("encoding", path=args.series).message(terminal_language()), file=sys.stderr)
        return 2
    return 0


def _judge(lines: Iterable[str], out: TextIO, watch: Watch, *, live: bool) -> None:
    writer = csv.writer(out, lineterminator="\n")
    header = False
    for timestamp, value, when, count in _points(lines):
        if not header:
            writer.writerow(("timestamp", "value", "anomaly_score"))
            header = True
        writer.writerow((timestamp, value, f"{_kept(watch.score(when, count)):.6f}"))
        if live:
            out.flush()
    if not header:
        writer.writerow(("timestamp", "value", "anomaly_score"))


def _kept(score: float) -> float:
    """Six decimals that never round a point up to an alert."""
    return math.floor(score * 1e6) / 1e6


def _points(lines: Iterable[str]) -> Iterator[tuple[str, str, datetime, float]]:
    """Each row as written and as read; SeriesFault names the line of the first that cannot be."""
    reader = csv.reader(lines)
    before: datetime | None = None
    places: tuple[int, int] | None = None
    try:
        for row in reader:
            if not row:
                continue
            if places is None:
                places = _columns(row, reader.line_num)
                continue
            stamp, number = (
                _cell(row, place, name, reader.line_num) for place, name in zip(places, COLUMNS, strict=True)
            )
            when, count = _timestamp(stamp, reader.line_num), _count(number, reader.line_num)
            if before is not None and (before.tzinfo is None) != (when.tzinfo is None):
                raise SeriesFault("zone", line=reader.line_num)
            if before is not None and when < before:
                raise SeriesFault("backwards", line=reader.line_num, found=stamp, before=before)
            before = when
            yield stamp, number, when, count
    except csv.Error as error:
        raise SeriesFault("csv", line=reader.line_num, reason=error) from error
    if places is None:
        raise SeriesFault("empty")


COLUMNS = ("timestamp", "value")


def _columns(row: list[str], line: int) -> tuple[int, int]:
    names = [name.strip().lower() for name in row]
    for column in COLUMNS:
        if column not in names:
            raise SeriesFault("column", line=line, column=column, found=", ".join(names))
    return names.index("timestamp"), names.index("value")


def _cell(row: list[str], place: int, column: str, line: int) -> str:
    text = row[place].strip() if place < len(row) else ""
    if not text:
        raise SeriesFault("cell", line=line, column=column)
    return text


def _timestamp(text: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise SeriesFault("timestamp", line=line, found=text) from error


def _count(text: str, line: int) -> float:
    try:
        count = float(text)
    except ValueError as error:
        raise SeriesFault("value", line=line, found=text) from error
    if not 0 <= count < math.inf:
        raise SeriesFault("value", line=line, found=text)
    return count


@contextlib.contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
        return
    try:
        file = Path(name).open(encoding="utf-8-sig", newline="")  # noqa: SIM115  # closed below, errors apart
    except FileNotFoundError as error:
        raise SeriesFault("absent", path=name) from error
    except OSError as error:
        raise SeriesFault("unreadable", path=name) from error
    with file:
        yield file
