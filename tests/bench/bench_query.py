"""Matching posts against ten and a hundred thousand topics, on posts never seen before.

Held against folding and cutting the same posts into words and nothing else, against a PostgreSQL table
of `tsquery`, and against mokaccino (a percolator in Rust). Rates are posts a second of processor time,
one core; the first 20,000 posts are not counted. The workload is that of the specification.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from palabre.kit.memory import growing, settle
from palabre.kit.text import fold, tokens
from palabre.query import Document, Index, Query, Reading, holds, parse
from tests.bench.report import Row
from tests.shared import SHARED

CORES = 1
SEEN, UNSEEN, BLOCK = 20_000, 20_000, 1_000
KEPT, FEW = 2_000, 300
"""Posts kept for mokaccino and, being slow, for PostgreSQL: unseen by the index until then."""
BARS = {(10_000, "firehose"): 0.75, (10_000, "targeted"): 0.5,
        (100_000, "firehose"): 0.38, (100_000, "targeted"): 0.2}  # fmt: skip

_WORD = re.compile(r"[#@]?\w+")


@dataclass(frozen=True)
class Load:
    """Queries as made (with their structure) and posts."""

    count: int
    profile: str
    queries: list[dict[str, Any]]
    posts: list[Document]


def run() -> list[Row]:
    """Every row; none without the specification's generator."""
    generator = SHARED / "tools" / "gen_workload.py"
    if not generator.exists():
        return []
    rows: list[Row] = []
    for count, profile in BARS:
        load = _load(generator, count, profile)
        rows += _rows(load)
    return rows


def _load(generator: Path, count: int, profile: str) -> Load:
    with tempfile.TemporaryDirectory(prefix="palabre-bench-") as folder:
        options = [
            "--queries",
            str(count),
            "--posts",
            str(SEEN + UNSEEN + KEPT + FEW),
            "--profile",
            profile,
            "--out",
            folder,
        ]
        subprocess.run([sys.executable, str(generator), *options], check=True)
        queries = [json.loads(line) for line in (Path(folder) / f"queries_{count}.jsonl").open()]
        posts = [
            Document(id=str(post["id"]), text=post["text"], lang=post["lang"])
            for post in map(json.loads, (Path(folder) / f"posts_{count}_{profile}.jsonl").open())
        ]
    return Load(count, profile, queries, posts)


def _rows(load: Load) -> list[Row]:
    name = f"{load.count:,} topics, {load.profile}"
    began = time.process_time()
    with growing():
        parsed = [(query["id"], parse(query["q"])) for query in load.queries]
    parsing = time.process_time() - began
    settle()
    before, began = _resident(), time.process_time()
    index = Index(parsed)
    building, built = time.process_time() - began, _resident() - before
    settle()  # as a worker does once its topics are loaded
    rate, words_rate, hits = _unseen(index, load.posts)
    memory = _resident() - before
    ratio, bar = rate / words_rate, BARS[load.count, load.profile]
    rows = [
        Row(work=f"match, {name}", figure=rate, unit="posts/s", alternative="fold and cut alone",
            alternative_figure=words_rate, ratio=ratio, bar=f"≥ {bar} ×", met=ratio >= bar,
            note=f"unseen posts; {hits:.2f} matches a post"),
    ]  # fmt: skip
    rows += _against_mokaccino(load, index, name)
    if load.count == 10_000:
        rows += _exactness(load, index, parsed, name)
    if (load.count, load.profile) == (10_000, "firehose"):
        rows += _against_tsquery(load, rate, name)
    if (load.count, load.profile) == (100_000, "firehose"):
        rows += [
            Row(work="build, 100,000 topics", figure=building, unit="s", bar="≤ 3 s", met=building <= 3,
                note=f"from parsed queries; parsing them takes {parsing:.1f} s more"),
            Row(work="memory, 100,000 topics", figure=memory, unit="MB", bar="≤ 200 MB", met=memory <= 200,
                note=f"{built:.0f} MB built, the rest learnt from {SEEN + UNSEEN:,} posts"),
            *_changes(index, load.posts),
        ]  # fmt: skip
    return rows


def _unseen(index: Index[int], posts: Sequence[Document]) -> tuple[float, float, float]:
    """Posts a second of matching and of folding and cutting alone, block after block; matches a post."""
    index.match_many(posts[:SEEN])
    matching, cutting, hits = [], [], 0
    for start in range(SEEN, SEEN + UNSEEN, BLOCK):
        block = posts[start : start + BLOCK]
        began = time.process_time()
        found = index.match_many(block)
        matched = time.process_time()
        for post in block:
            _WORD.findall(fold(post.text))
        cutting.append(time.process_time() - matched)
        matching.append(matched - began)
        hits += sum(map(len, found))
    return BLOCK / median(matching), BLOCK / median(cutting), hits / UNSEEN


def _resident() -> float:
    """Megabytes this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _exactness(load: Load, index: Index[int], parsed: list[tuple[int, Query]], name: str) -> list[Row]:
    differences = pairs = 0
    for post in load.posts[SEEN : SEEN + 2_000]:
        reading = Reading(post)
        expected = {id for id, query in parsed if holds(query, reading)}
        differences += len(expected ^ set(index.match(post)))
        pairs += len(expected)
    return [
        Row(work=f"exactness, {name}", figure=differences, unit="differences", alternative="plain evaluator",
            bar="0", met=differences == 0, note=f"2,000 posts × {load.count:,} queries, {pairs:,} matches"),
    ]  # fmt: skip


def _changes(index: Index[int], posts: Sequence[Document]) -> list[Row]:
    """Topics with words never seen and words seen a thousand times, added to a warm index and removed."""
    words = [fold(word) for post in posts[:200] for word in post.text.split()[:5] if word.isalpha()]
    queries = [parse(f'"{word} neuf{n}" OR neuf{n} OR {word[:4]}xy* {word}') for n, word in enumerate(words)]
    added = [_timed(lambda n=n, query=query: index.add(-1 - n, query)) for n, query in enumerate(queries)]
    removed = [_timed(lambda n=n: index.remove(-1 - n)) for n in range(len(queries))]
    return [
        Row(work=f"{what} one topic among 100,000", figure=median(times) * 1e3, unit="ms", bar="≤ 1 ms",
            met=median(times) <= 1e-3,
            note=f"99 in 100 within {sorted(times)[len(times) * 99 // 100] * 1e3:.2f} ms")
        for what, times in (("add", added), ("remove", removed))
    ]  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _against(other: str, rates: tuple[float, float], bar: float, name: str) -> Row:
    own, rate = rates
    ratio = own / rate
    return Row(work=f"match, {name}", figure=own, unit="posts/s", alternative=other, alternative_figure=rate,
               ratio=ratio, bar=f"≥ {bar:g} ×", met=ratio >= bar)  # fmt: skip


def _against_mokaccino(load: Load, index: Index[int], name: str) -> list[Row]:
    """Phrases count as words that are all there, which spares mokaccino the places."""
    import mokaccino

    make = mokaccino.Query

    def term(given: dict[str, str]) -> Any:
        value = fold(given["v"])
        match given["k"]:
            case "hashtag":
                return make.from_kv("w", "#" + value)
            case "mention":
                return make.from_kv("w", "@" + value)
            case "prefix":
                return make.from_kprefix("w", value)
            case _:
                parts = [make.from_kv("w", word) for word in value.split()]
                return make.from_and(parts) if len(parts) > 1 else parts[0]

    percolator = mokaccino.Percolator()
    for query in load.queries:
        groups = [make.from_or([term(given) for given in group]) for group in query["all"]]
        groups += [make.from_not(term(given)) for given in query["none"]]
        percolator.add_query(make.from_and(groups))
    own, rate = [], []
    for start in range(len(load.posts) - KEPT - FEW, len(load.posts) - FEW, BLOCK // 2):
        block = load.posts[start : start + BLOCK // 2]
        own.append(_timed(lambda block=block: index.match_many(block)))
        began = time.process_time()
        for post in block:
            document = mokaccino.Document()
            for word in set(_WORD.findall(fold(post.text))):
                document = document.with_value("w", word)
                if word[0] in "#@":
                    document = document.with_value("w", word[1:])
            percolator.percolate_list(document)
        rate.append(time.process_time() - began)
    rates = BLOCK // 2 / median(own), BLOCK // 2 / median(rate)
    return [_against("mokaccino", rates, 8 if load.count == 10_000 else 3, name)]


def _against_tsquery(load: Load, rate: float, name: str) -> list[Row]:
    """Processor time of this process against that of the server's one process."""
    with _postgres() as connection:
        server = tsquery_rate(connection, load.queries, load.posts[-FEW:])
    return [_against("a PostgreSQL table of tsquery", (rate, server), 200, name)]


def tsquery_rate(connection: Any, queries: list[dict[str, Any]], posts: Sequence[Document]) -> float:
    """Posts a second of the server's processor time, against a temporary table with one tsquery a row.

    The posts come cut into words (`tsvector`): the server is spared that work.
    """
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute("CREATE TEMPORARY TABLE topic (id integer, query tsquery)")
    with connection.cursor().copy("COPY topic FROM STDIN") as rows:
        for query in queries:
            rows.write_row((query["id"], _tsquery(query)))
    vectors = [_tsvector(post.text) for post in posts]
    process = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
    began = _processor_time(process)
    for vector in vectors:
        connection.execute("SELECT id FROM topic WHERE %s::tsvector @@ query", (vector,)).fetchall()
    return len(posts) / (_processor_time(process) - began)


def _processor_time(process: int) -> float:
    """Seconds that another process has run."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tsquery(query: dict[str, Any]) -> str:
    groups = ["(" + " | ".join(map(_tsterm, group)) + ")" for group in query["all"]]
    return " & ".join(groups + [f"!{_tsterm(given)}" for given in query["none"]])


def _tsterm(given: dict[str, str]) -> str:
    sign = {"hashtag": "#", "mention": "@"}.get(given["k"], "")
    words = [_quoted(sign + word) for word in fold(given["v"]).split()]
    return f"{words[0]}:*" if given["k"] == "prefix" else "(" + " <-> ".join(words) + ")"


def _tsvector(text: str) -> str:
    found = tokens(text)
    return " ".join(f"{_quoted(token.term)}:{min(token.first + 1, 16_383)}" for token in found) or "''"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


@contextmanager
def _postgres() -> Iterator[Any]:
    """A connection to an embedded server of our own, gone afterwards."""
    import psycopg

    from palabre.runtime.postgres import Embedded

    home = Path(tempfile.mkdtemp(prefix="palabre-bench-"))
    home.chmod(0o711)
    server = Embedded(home)
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            yield connection
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
