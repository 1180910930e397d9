"""Every registered connector, on its recorded scenes: nothing is skipped, only marked impossible."""

import logging
import re
import traceback
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from palabre.networks import registry
from palabre.networks.contract import Capability, Collects, Reach, RemoteItem, Streams, Suggests, Watch
from palabre.networks.errors import NetworkError, RateLimited, UnexpectedAnswer
from palabre.networks.sightings import sight, sight_all, sighting_of
from tests.contract.scene import SECRET, Listening, Scenes, Walk
from tests.contract.suite import (
    CHECKS,
    FAILURES,
    STREAM_FAILURES,
    CollectsContract,
    StreamsContract,
    assert_pure,
    changed,
    failing,
    heard,
    items,
    pages,
)

KEYS = sorted(registry.manifests())


def scenes(key: str) -> Scenes:
    """The recorded scenes of a network."""
    if find_spec(f"tests.contract.scenes.{key}") is None:
        return Scenes(key=key)  # `TestScenes` then fails for each of its watches
    found = import_module(f"tests.contract.scenes.{key}").SCENES
    assert isinstance(found, Scenes) and found.key == key
    return found


def _walks() -> list[Any]:
    return [pytest.param(key, walk, id=f"{key}-{walk.name}") for key in KEYS for walk in scenes(key).walks]


def _listenings() -> list[Any]:
    return [
        pytest.param(key, listening, id=f"{key}-{listening.name}")
        for key in KEYS
        for listening in scenes(key).listenings
    ]


@pytest.fixture
def connector(key: str) -> object:
    """The connector under test."""
    return registry.connector(key)


@pytest.mark.parametrize(("key", "walk"), _walks())
class TestCollectsRecorded(CollectsContract):
    """Every recorded walk of every network."""


@pytest.mark.parametrize(("key", "listening"), _listenings())
class TestStreamsRecorded(StreamsContract):
    """Every recorded stream of every network."""


@pytest.mark.parametrize("key", KEYS)
class TestManifest:
    """What is declared is complete, dated, in both languages, and true of the connector."""

    def test_is_complete_and_dated(self, key: str) -> None:
        manifest = registry.manifests()[key]
        assert manifest.key == key
        assert manifest.label and manifest.icon
        assert manifest.source.startswith(("https://", "palabre:"))
        assert manifest.checked_on.year >= 2026
        assert manifest.watches or not {Capability.COLLECT, Capability.STREAM} & manifest.capabilities

    def test_speaks_both_languages(self, key: str) -> None:
        manifest = registry.manifests()[key]
        spoken = [*manifest.cannot]
        for watch in manifest.watches:
            spoken += [watch.label, watch.hint, *(part.label for part in watch.fields)]
        for words in spoken:
            assert words.fr.strip() and words.en.strip()
            assert_french_typography(words.fr)
        assert manifest.cannot, "say what this network cannot do"

    def test_capabilities_match_protocols(self, key: str, connector: object) -> None:
        manifest = registry.manifests()[key]
        assert (Capability.COLLECT in manifest.capabilities) == isinstance(connector, Collects)
        assert (Capability.STREAM in manifest.capabilities) == isinstance(connector, Streams)
        assert {watch.capability for watch in manifest.watches} <= manifest.capabilities

    def test_watches_have_one_key_each_and_secrets_are_marked(self, key: str) -> None:
        manifest = registry.manifests()[key]
        keys = [watch.key for watch in manifest.watches]
        assert len(keys) == len(set(keys))
        for watch in manifest.watches:
            names = [part.key for part in watch.fields]
            assert len(names) == len(set(names))
            for part in watch.fields:
                looks_secret = any(word in part.key for word in ("password", "token", "secret"))
                assert part.secret == looks_secret, f"{watch.key}.{part.key}"


@pytest.mark.parametrize("key", KEYS)
class TestScenes:
    """Nothing is left out in silence."""

    def test_every_watch_is_played_or_said_impossible(self, key: str) -> None:
        manifest, recorded = registry.manifests()[key], scenes(key)
        walked = {walk.watch.kind for walk in recorded.walks}
        listened = {listening.watch.kind for listening in recorded.listenings}
        for watch in manifest.watches:
            check = "walk" if watch.capability is Capability.COLLECT else "listening"
            played = watch.key in (walked if check == "walk" else listened)
            assert played or f"{check}:{watch.key}" in recorded.impossible, f"no scene for {watch.key}"

    def test_reasons_are_reasons(self, key: str) -> None:
        for name, reason in scenes(key).impossible.items():
            assert name.partition(":")[0] in CHECKS
            assert len(reason.split()) >= 4

    def test_unlike_failures_say_why(self, key: str) -> None:
        recorded = scenes(key)
        for scene in (*recorded.walks, *recorded.listenings):
            for name, unlike in scene.unlike.items():
                assert name in FAILURES or name in STREAM_FAILURES
                assert len(unlike.reason.split()) >= 4


@pytest.mark.parametrize(("key", "walk"), _walks())
@pytest.mark.parametrize("failure", FAILURES)
async def test_each_http_failure_has_its_exact_type(
    key: str, walk: Walk, failure: str, connector: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if _impossible(key, "http_failures", walk.watch.kind):
        return
    caplog.set_level(logging.DEBUG)
    reply, expected = FAILURES[failure]
    wanted = walk.unlike[failure].error if failure in walk.unlike else expected
    session = walk.session(failing(reply))
    error = await _error(connector, session, walk.watch)
    if wanted is None:
        assert error is None
        return
    assert type(error) is wanted, f"{failure}: {error!r}"
    if isinstance(error, RateLimited):
        assert error.retry_after == 17
    assert_says_no_secret(error, session, walk.watch, caplog.text)
    assert_readable(error)


@pytest.mark.parametrize(("key", "listening"), _listenings())
@pytest.mark.parametrize("failure", STREAM_FAILURES)
async def test_each_stream_failure_has_its_exact_type(
    key: str, listening: Listening, failure: str, connector: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if _impossible(key, "stream_failures", listening.watch.kind):
        return
    caplog.set_level(logging.DEBUG)
    reply, expected = STREAM_FAILURES[failure]
    wanted = listening.unlike[failure].error if failure in listening.unlike else expected
    listening.begin()
    session = listening.session(lambda request: [reply])
    _, error = await heard(connector, session, listening, listening.cursor)
    assert type(error) is wanted, f"{failure}: {error!r}"
    assert error is not None
    assert_says_no_secret(error, session, listening.watch, caplog.text)
    assert_readable(error)


@pytest.mark.parametrize("key", KEYS)
async def test_normalise_survives_any_answer(key: str, connector: Any) -> None:
    if _impossible(key, "hostile", ""):
        return
    recorded = scenes(key)
    async for raw, watch in _raw(recorded, connector):
        for variant in changed(raw, seed=1, every=4):
            try:
                item = connector.normalise(variant, watch)
            except UnexpectedAnswer:
                continue
            assert item is None or isinstance(item, RemoteItem)
            if item is not None:
                assert isinstance(item.text, str) and isinstance(item.title, str)
                assert item.url == "" or item.url.startswith(("https://", "http://"))
                assert all(url.startswith(("https://", "http://")) for url in item.image_urls)
                hash(item)


@pytest.mark.parametrize("key", KEYS)
async def test_normalise_is_pure_on_every_recorded_answer(key: str, connector: Any) -> None:
    async for raw, watch in _raw(scenes(key), connector):
        assert_pure(connector, raw, watch)


@pytest.mark.parametrize("key", KEYS)
async def test_a_sighting_reads_as_the_whole_item_does(key: str, connector: Any) -> None:
    async for raw, watch in _raw(scenes(key), connector):
        for variant in (raw, *changed(raw, seed=2, every=8)):
            try:
                item = connector.normalise(variant, watch)
            except UnexpectedAnswer:
                continue
            if item is None:
                continue  # a sighting may promise more than it holds: `whole` then says so
            seen = sight(connector, variant, watch)
            assert seen is not None
            assert seen[:-1] == sighting_of(item)[:-1]
            assert seen.whole() == item
            assert sight_all(connector, (variant,), watch)[0][:-1] == seen[:-1]


MARKUP = '<b onclick="x()">gras</b> &amp; <script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("key", KEYS)
async def test_no_markup_in_what_is_said(key: str, connector: Any) -> None:
    recorded = scenes(key)
    async for raw, watch in _raw(recorded, connector):
        for variant in _with_markup(raw):
            try:
                item = connector.normalise(variant, watch)
            except UnexpectedAnswer:
                continue
            if item is None or recorded.plain_text:
                continue
            for said in (item.text, item.title):
                lowered = said.lower()
                assert "<script" not in lowered and "<b " not in lowered and "onerror" not in lowered, said


@pytest.mark.parametrize("key", KEYS)
async def test_finds_nothing_where_there_is_nothing(key: str, connector: Any) -> None:
    if not isinstance(connector, Suggests):
        return
    for walk in scenes(key).walks[:1]:
        for typed in ("", "   ", "\x00", "http://[", "@", "#", "javascript:alert(1)"):
            try:
                found = await connector.suggest(walk.session(failing(FAILURES["404"][0])), typed)
            except NetworkError:
                continue
            assert found == ()


def test_icons_and_labels_are_told_apart() -> None:
    manifests = registry.manifests().values()
    assert len({manifest.label for manifest in manifests}) == len(manifests)
    radar = [m for m in manifests if any(watch.reach is Reach.RADAR for watch in m.watches)]
    assert len({manifest.icon for manifest in radar}) == len(radar)


async def _error(connector: Any, session: Any, watch: Watch) -> NetworkError | None:
    try:
        found = await pages(connector, session, watch)
        for page in found:
            items(connector, page, watch)
    except NetworkError as error:
        return error
    return None


async def _raw(recorded: Scenes, connector: Any) -> Any:
    """Every raw answer of a network's scenes with its watch, at most thirty of each scene."""
    for raw, watch in recorded.raw:
        yield raw, watch
    for walk in recorded.walks:
        kept = 0
        for page in await pages(connector, walk.session(), walk.watch):
            for raw in page.raw:
                if kept < 30:
                    kept += 1
                    yield raw, walk.watch
    for listening in recorded.listenings:
        listening.begin()
        found, _ = await heard(connector, listening.session(), listening, listening.cursor)
        for raw in [raw for page in found for raw in page.raw][:30]:
            yield raw, listening.watch


def _with_markup(raw: Any) -> Iterator[Any]:
    from tests.contract.suite import _places, _replaced

    for path in list(_places(raw)):
        value = raw
        for part in path:
            value = value[part] if not hasattr(value, "__dataclass_fields__") else getattr(value, part)
        if isinstance(value, str):
            yield _replaced(raw, path, MARKUP)


def _impossible(key: str, check: str, kind: str) -> bool:
    reasons = scenes(key).impossible
    return check in reasons or f"{check}:{kind}" in reasons


def assert_says_no_secret(error: NetworkError, session: Any, watch: Watch, logged: str) -> None:
    """No token where a person, a log or a crash report could see it."""
    said = [repr(error), str(error), repr(error.args), repr(error.params), repr(session), repr(watch), logged]
    said += traceback.format_exception(error)
    said += [error.message("fr"), error.message("en")]
    assert not [text for text in said if SECRET in text]


def assert_readable(error: NetworkError) -> None:
    """Both languages have a sentence for it, filled in."""
    for sentence in (error.message("fr"), error.message("en")):
        assert sentence and not re.search(r"\{\w*(:[^{}]*)?\}", sentence), sentence
    assert_french_typography(error.message("fr"))


def assert_french_typography(text: str) -> None:
    """No-break spaces before double punctuation, the typographic apostrophe."""
    assert "'" not in text, text
    for mark in ";!?":
        assert f" {mark}" not in text, f"a no-break space before {mark} in: {text}"
    assert " :" not in text and "« " not in text and " »" not in text, text
