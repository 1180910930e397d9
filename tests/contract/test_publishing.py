"""The contract of publishing, played for every network that declares it, on servers in memory."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from palabre.networks import registry
from palabre.networks.contract import Act, Capability, Registers, Revokes, Session
from palabre.networks.moderating import UNDONE_BY, place_of
from palabre.networks.rules import all_rules, answers_of, rules_of
from tests.contract.hearing import HearsContract
from tests.contract.moderating import ModeratesContract
from tests.contract.publishing import SCENES, PublishesContract, assert_protocols
from tests.contract.stage import Stage
from tests.contract.test_connectors import assert_french_typography

KEYS = sorted(registry.manifests())
PUBLISHING = [key for key in KEYS if Capability.PUBLISH in registry.manifests()[key].capabilities]
MODERATING = [key for key in KEYS if Capability.MODERATE in registry.manifests()[key].capabilities]
HEARING = [key for key in KEYS if Capability.HEAR in registry.manifests()[key].capabilities]


def factories(key: str) -> tuple[Any, ...]:
    """The stages of a network."""
    if find_spec(f"tests.contract.stages.{key}") is None:
        return ()
    return tuple(import_module(f"tests.contract.stages.{key}").STAGES)


def _staged(keys: list[str]) -> list[Any]:
    return [
        pytest.param(key, factory, id=f"{key}-{factory().name}") for key in keys for factory in factories(key)
    ]


@pytest.mark.parametrize(("key", "factory"), _staged(PUBLISHING))
class TestPublishesRecorded(PublishesContract):
    """Every stage of every network."""

    @pytest.fixture
    def connector(self, key: str) -> object:
        return registry.connector(key)

    @pytest.fixture
    def stage(self, factory: Any) -> Stage:
        made = factory()
        assert isinstance(made, Stage)
        return made


@pytest.mark.parametrize(("key", "factory"), _staged(HEARING))
class TestHearsRecorded(HearsContract):
    """Every stage of every network that hears."""

    @pytest.fixture
    def connector(self, key: str) -> object:
        return registry.connector(key)

    @pytest.fixture
    def stage(self, factory: Any) -> Stage:
        made = factory()
        assert isinstance(made, Stage)
        return made

    @pytest.fixture
    async def session(self, connector: Any, stage: Stage) -> Session:
        return await stage.signed(connector)


@pytest.mark.parametrize(("key", "factory"), _staged(MODERATING))
class TestModeratesRecorded(ModeratesContract):
    """Every stage of every network on which one can act."""

    @pytest.fixture
    def connector(self, key: str) -> object:
        return registry.connector(key)

    @pytest.fixture
    def stage(self, factory: Any) -> Stage:
        made = factory()
        assert isinstance(made, Stage)
        return made

    @pytest.fixture
    async def session(self, connector: Any, stage: Stage) -> Session:
        return await stage.signed(connector)


@pytest.mark.parametrize("key", KEYS)
def test_acts_are_declared_once_with_what_takes_them_back(key: str) -> None:
    manifest = registry.manifests()[key]
    assert (Capability.MODERATE in manifest.capabilities) == bool(manifest.acts)
    assert Capability.MODERATE not in manifest.capabilities or manifest.scopes.get(Capability.MODERATE)
    acts = {one.act: one for one in manifest.acts}
    assert len(acts) == len(manifest.acts) and not set(acts) & set(manifest.instead)
    for one in manifest.acts:
        assert one.undoes is None or UNDONE_BY[one.undoes] is one.act
        assert one.undoes in (None, *acts), "what it takes back can be done too"
        assert not one.durations or one.act is Act.BAN
    if manifest.acts:
        wanted = {Act.HIDE, Act.DELETE, Act.MUTE, Act.BLOCK, Act.REPORT}
        assert wanted <= {*acts, *manifest.instead}, "say for each what can be done, or what to do instead"
    for words in (*(one.note for one in manifest.acts if one.note), *manifest.instead.values()):
        assert words.fr.strip() and words.en.strip()
        assert_french_typography(words.fr)
    for instead in manifest.instead.values():
        place = place_of(instead, url="https://x.example/1", author="https://x.example/a", server="x.example")
        assert "{" not in place and place.startswith(("https://", "http://")) == bool(instead.where)


@pytest.mark.parametrize("key", KEYS)
def test_ears_and_answers_are_declared_with_what_they_need(key: str) -> None:
    manifest = registry.manifests()[key]
    assert (Capability.HEAR in manifest.capabilities) == bool(manifest.ears)
    assert (Capability.REPLY in manifest.capabilities) == (manifest.answers is not None)
    assert Capability.REPLY not in manifest.capabilities or Capability.PUBLISH in manifest.capabilities
    assert manifest.answers in (None, answers_of(key) if key in all_rules() else None)
    assert len({ear.key for ear in manifest.ears}) == len(manifest.ears)
    for ear in manifest.ears:
        assert ear.every >= 10
        for words in (ear.label, ear.hint):
            assert words.fr.strip() and words.en.strip()
            assert_french_typography(words.fr)


@pytest.mark.parametrize("key", KEYS)
def test_capabilities_match_protocols(key: str) -> None:
    assert_protocols(key, registry.connector(key))


@pytest.mark.parametrize("key", PUBLISHING)
class TestManifest:
    """What is declared of publishing is complete."""

    def test_has_rules_and_ways_in(self, key: str) -> None:
        manifest = registry.manifests()[key]
        assert manifest.rules == rules_of(key)
        assert manifest.sign_ins and Capability.CONNECT in manifest.capabilities
        assert manifest.scopes.get(Capability.PUBLISH)
        assert (Capability.EDIT in manifest.capabilities) == rules_of(key).edit
        assert (Capability.DELETE in manifest.capabilities) == rules_of(key).delete

    def test_ways_in_speak_both_languages_and_mark_secrets(self, key: str) -> None:
        kinds = registry.manifests()[key].sign_ins
        assert len({kind.key for kind in kinds}) == len(kinds)
        for kind in kinds:
            for words in (kind.label, kind.hint, *(part.label for part in kind.fields)):
                assert words.fr.strip() and words.en.strip()
                assert_french_typography(words.fr)
            names = [part.key for part in kind.fields]
            assert not kind.server or kind.server in names
            for part in kind.fields:
                assert part.secret == any(word in part.key for word in ("password", "token", "secret"))

    def test_has_stages_and_reasons_are_reasons(self, key: str) -> None:
        assert factories(key), f"no stage for {key}"
        for factory in factories(key):
            for name, reason in factory().impossible.items():
                assert name in SCENES and len(reason.split()) >= 4

    async def test_a_sign_in_is_given_back_twice_without_a_fault(self, key: str) -> None:
        connector: Any = registry.connector(key)
        if not isinstance(connector, Revokes):
            return
        stage = factories(key)[0]()
        session = await stage.signed(connector)
        await connector.revoke(session)
        await connector.revoke(session)

    async def test_redirects_only_where_the_manifest_says(self, key: str) -> None:
        connector: Any = registry.connector(key)
        redirecting = [kind for kind in registry.manifests()[key].sign_ins if kind.redirect]
        assert not isinstance(connector, Registers) or redirecting
