"""The networks there are: every module or package of this folder that declares a `MANIFEST`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import palabre.networks
from palabre.networks.contract import (
    Capability,
    Collects,
    Connects,
    Deletes,
    Edits,
    Hears,
    Manifest,
    Measures,
    Moderates,
    Publishes,
    Streams,
)

PROTOCOLS: Mapping[Capability, type] = {
    Capability.COLLECT: Collects,
    Capability.STREAM: Streams,
    Capability.CONNECT: Connects,
    Capability.PUBLISH: Publishes,
    Capability.EDIT: Edits,
    Capability.DELETE: Deletes,
    Capability.MEASURE: Measures,
    Capability.HEAR: Hears,
    Capability.MODERATE: Moderates,
}
"""What a connector that declares a capability implements; REPLY is a way of publishing."""


@cache
def _modules() -> dict[str, ModuleType]:
    found = {}
    for info in iter_modules(palabre.networks.__path__):
        module = import_module(f"palabre.networks.{info.name}")
        if isinstance(getattr(module, "MANIFEST", None), Manifest):
            found[info.name] = module
    return found


def manifests() -> dict[str, Manifest]:
    """Every network's manifest by key, in the alphabetical order of their labels."""
    declared = (module.MANIFEST for module in _modules().values())
    return {manifest.key: manifest for manifest in sorted(declared, key=lambda m: m.label.casefold())}


def connector(key: str) -> object:
    """The connector of a network; narrow it with `isinstance(…, Collects)`. KeyError if unknown."""
    return _modules()[key].connector
