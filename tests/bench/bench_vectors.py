"""Themes against tf-idf and k-means, and the nearest of a hundred thousand vectors; both as the pages ask.

The themes are judged on tweets whose hashtag was taken away: those of one hashtag are one theme. Nothing was
taught from them, but the mix of `enrichment.themes` (axes, words beside meanings) was chosen on these rows.
"""

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from palabre.enrichment import quality
from palabre.enrichment.themes import Said, themes
from tests.bench.bench_enrichment import rows
from tests.bench.database import own_database
from tests.bench.report import Row

STORED = 100_000
ASKED = 60
BAR = 250
"""Milliseconds, at the 95th percentile: a page that a person asked for."""
MOST = 90
"""Tweets of one hashtag, so that none is half of the set."""
SETS = ("sentiment_train", "sentiment_dev", "toxicity_train", "toxicity_dev")

HASHTAGS = {
    "fr": (
        "meilleurpatissier", "dsk", "syrie", "reinesdushopping", "adp adp2016", "dals", "tpmp",
        "turquie erdogan ankara", "euro2016", "onpc", "biodiversité biodiversite", "kohlanta", "burgerking",
        "energie énergie solaire enr", "migrants", "ecotaxe",
    ),
    "en": (
        "wwe raw summerslam", "yankees bluejays cubs mlb", "usopen", "mtvstars", "kavanaugh confirmkavanaugh",
        "brexit tories", "theopen", "nfl", "android", "metoo", "qanon wwg1wga", "antifa", "cdnpoli",
    ),
}  # fmt: skip
"""The hashtags of each theme."""


def run() -> list[Row]:
    """Both languages, then the database."""
    return [row for language in HASHTAGS for row in judged(language)] + searched()


def labelled(language: str) -> tuple[list[str], list[str]]:
    """Tweets of exactly one of the themes, without its hashtags; and the theme of each."""
    theme = {tag: tags for tags in HASHTAGS[language] for tag in tags.split()}
    texts: list[str] = []
    labels: list[str] = []
    seen: set[str] = set()
    counted: Counter[str] = Counter()
    for name in SETS:
        for row in rows(name):
            text = row[-1]
            if row[0] != language or row[2] == "cyberado" or text in seen:
                continue
            seen.add(text)
            found = {theme[tag] for tag in re.findall(r"#(\w+)", text.lower()) if tag in theme}
            if len(found) == 1 and counted[label := found.pop()] < MOST:
                counted[label] += 1
                labels.append(label)
                texts.append(re.sub(r"#(\w+)", lambda tag: "" if tag[1].lower() in theme else tag[0], text))
    return texts, labels


def judged(language: str) -> list[Row]:
    """Normalised mutual information and purity, as many groups for either; tweets in no theme are one."""
    from palabre.insight.stopwords import STOPWORDS

    texts, labels = labelled(language)
    vectors = quality.vectors(texts)
    said = [Said(text=text, language=language) for text in texts]
    began = time.perf_counter()
    found = themes(said, vectors, dull=STOPWORDS)
    took = time.perf_counter() - began
    groups = np.zeros(len(texts), dtype=int)
    for number, theme in enumerate(found, start=1):
        groups[list(theme.members)] = number
    table = TfidfVectorizer(strip_accents="unicode", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    words = table.fit_transform(texts)
    other = KMeans(len(set(groups.tolist())), n_init=4, random_state=0).fit_predict(words)
    named = Counter(len(theme.grams) for theme in found)
    return [
        _against(
            f"themes {language}, {measure}",
            100 * of(labels, groups),
            100 * of(labels, other),
            f"{len(texts)} tweets, {len(set(labels))} hashtags, {len(found)} themes in {took:.1f} s, "
            f"{sum(named.values())} named",
        )
        for measure, of in (("mutual information", _information), ("purity", purity))
    ]


def _against(work: str, figure: float, other: float, note: str) -> Row:
    return Row(
        work=work,
        figure=round(figure, 1),
        unit="%",
        alternative="tf-idf and k-means of scikit-learn",
        alternative_figure=round(other, 1),
        ratio=figure / other,
        bar="> 1 ×",
        met=figure > other,
        note=note,
    )


def _information(labels: Sequence[str], groups: Any) -> float:
    return float(normalized_mutual_info_score(labels, groups))


def purity(labels: Sequence[str], groups: Any) -> float:
    """The share of texts that are of the most frequent label of their group."""
    held: dict[int, Counter[str]] = {}
    for label, group in zip(labels, groups, strict=True):
        held.setdefault(int(group), Counter())[label] += 1
    return sum(max(each.values()) for each in held.values()) / len(labels)


def searched() -> list[Row]:
    """A brand of a hundred thousand read mentions."""
    with own_database():
        from django.core.management import call_command
        from django_scopes import scopes_disabled

        call_command("createcachetable", verbosity=0)
        with scopes_disabled():
            from palabre.agency.models import Brand, Organisation
            from tests.bench import million

            organisation = Organisation.objects.create(name="Bench")
            brand = Brand.objects.create(organisation=organisation, name="Bench", slug="bench")
            million.build(brand, items=STORED)
            fill(brand)
            return asked(brand)


def fill(brand: Any) -> None:
    """A vector an item: three hundred directions and much noise, as posts of one brand have."""
    from django.db import connection

    from palabre.stream import vectors

    assert vectors.prepare()
    dice = np.random.default_rng(1)
    matters = dice.normal(size=(300, vectors.SIZE)).astype(np.float32)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM stream_item WHERE brand_id = %s ORDER BY id", [brand.pk])
        ids = [id_ for (id_,) in cursor.fetchall()]
    for start in range(0, len(ids), 2_000):
        some = ids[start : start + 2_000]
        found = 1.5 * matters[dice.integers(0, len(matters), len(some))]
        found += dice.normal(size=found.shape).astype(np.float32)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        vectors.save(brand=brand, ids=some, vectors=found)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE stream_vector")


def asked(brand: Any) -> list[Row]:
    """The nearest alone, the whole of “more like this”, and the themes of thirty days."""
    from django.utils import timezone

    from palabre.insight import themes as page
    from palabre.insight.similar import similar_to
    from palabre.listening.filters import MentionFilter
    from palabre.stream import vectors
    from palabre.stream.models import Item

    now = timezone.now()
    dice = np.random.default_rng(2)
    pool = list(Item.objects.filter(brand=brand, is_spam=False).order_by("pk")[: STORED // 2])
    items = iter([pool[place] for place in dice.integers(0, len(pool), 4 * ASKED)])
    page.REMEMBERED = 0
    return [
        _timed(
            "the 300 nearest",
            ASKED,
            lambda: vectors.nearest(brand=brand, item=next(items).pk, most=300),
        ),
        _timed("more like this, the whole of it", ASKED, lambda: similar_to(brand, next(items), now=now)),
        _timed(
            "themes of 30 days, nothing remembered",
            8,
            lambda: page.themes_of(brand, MentionFilter(), now=now),
            bar=0,
        ),
    ]


def _timed(work: str, runs: int, ask: Callable[[], Any], bar: int = BAR) -> Row:
    ask()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20)[-1]
    return Row(
        work=work,
        figure=round(p95, 1),
        unit="ms p95",
        bar=f"< {bar} ms" if bar else "",
        met=p95 < bar if bar else None,
        note=f"p50 {statistics.median(took):.1f} ms, {STORED} vectors",
    )
