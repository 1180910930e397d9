"""The contract of publishing, played for every network that declares it, on servers in memory."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from palabre.networks import registry
from palabre.networks.contract import Capability, Registers, Revokes, Session
from palabre.networks.rules import all_rules, answers_of, rules_of
from tests.contract.hearing import HearsContract
from tests.contract.publishing import SCENES, PublishesContract, assert_protocols
from tests.contract.stage import Stage
from tests.contract.test_connectors import assert_french_typography

KEYS = sorted(registry.manifests())
PUBLISHING = [key for key in KEYS if Capability.PUBLISH in registry.manifests()[key].capabilities]
HEARING = [key for key in KEYS if Capability.HEAR in registry.manifests()[key].capabilities]


def factories(key: str) -> tuple[Any, ...]:
    """The stages of a network."""
    if find_spec(f"tests.contract.stages.{key}") is None:
        return ()
    return tuple(import_module(f"tests.contract.stages.{key}").STAGES)


def _stages() -> list[Any]:
    return [
        pytest.param(key, factory, id=f"{key}-{factory().name}")
        for key in PUBLISHING
        for factory in factories(key)
    ]


@pytest.mark.parametrize(("key", "factory"), _stages())
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


def _heard() -> list[Any]:
    return [
        pytest.param(key, factory, id=f"{key}-{factory().name}")
        for key in HEARING
        for factory in factories(key)
    ]


@pytest.mark.parametrize(("key", "factory"), _heard())
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
