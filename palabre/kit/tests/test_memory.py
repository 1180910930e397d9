"""What stands for long is left out of the search for cycles, and comes back into it when it is replaced."""

import gc
import weakref

from palabre.kit.memory import growing, settle


class Ring:
    """It holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_the_search_rests_while_much_is_read_and_goes_on_after() -> None:
    with growing():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_rest_within_a_rest_does_not_end_it() -> None:
    with growing():
        with growing():
            pass
        assert not gc.isenabled()


def test_what_was_replaced_is_found_when_settling_anew() -> None:
    ring = Ring()
    settle()
    told = weakref.ref(ring)
    del ring
    gc.collect()
    assert told() is not None, "it was left out of the search"
    settle()
    assert told() is None
    gc.unfreeze()
