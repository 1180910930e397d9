"""Python’s search for cycles, kept away from what stands for long: modules, pages, an index of topics.

Gone through again and again, they make a page now and then cost three times its price, and every
batch of posts its share.
"""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def growing() -> Iterator[None]:
    """Rest for the search while much is read and filed that holds no cycles: it stays, or goes by itself."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def settle() -> None:
    """Leave out of the search all that stands now; call it again when much of that was replaced."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
