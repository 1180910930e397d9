"""How a process of the fault suites dies: with -9, before or after a step of its own, as in a power cut."""

import os
import signal
from collections.abc import Callable
from typing import Any, Protocol

DEADLY = 1 / 250
"""How often a step kills its own process."""


class Chance(Protocol):
    """What `random.Random` is to this."""

    def random(self) -> float:
        """From 0 to 1."""


class Fated:
    """A chance that is none: nothing happens until the last of so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def random(self) -> float:
        """Deadly once."""
        self.left -= 1
        return 0.0 if self.left <= 0 else 1.0


def mortal(step: Callable[..., Any], before: Chance, after: Chance | None = None) -> Callable[..., Any]:
    """The step, before and after which the process may die; one chance is that of both."""

    def run(*args: Any, **kwargs: Any) -> Any:
        maybe_die(before)
        done = step(*args, **kwargs)
        maybe_die(after or before)
        return done

    return run


def mortal_call(step: Callable[..., Any], before: Chance, after: Chance | None = None) -> Callable[..., Any]:
    """The same for what is awaited: the call to the network itself."""

    async def run(*args: Any, **kwargs: Any) -> Any:
        maybe_die(before)
        done = await step(*args, **kwargs)
        maybe_die(after or before)
        return done

    return run


def maybe_die(chance: Chance) -> None:
    """No goodbye: what a power cut leaves."""
    if chance.random() < DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)


def forgetful(store: type[Any]) -> None:
    """Let the sandbox keep whatever it is handed: it knows no key, what is sent twice stands twice."""
    kept = store.add
    store.add = lambda self, post, *, once: kept(self, post, once=False)
