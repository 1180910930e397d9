"""Errors told in sentences."""

import copy
import pickle
from typing import ClassVar

import pytest

from palabre.kit.told import Sentences, Told


class Leak(Told):
    sentences: ClassVar[Sentences] = {
        "leak": {"fr": "Le seau {name} fuit.", "en": "The bucket {name} leaks."},
        "empty": {"fr": "Il est vide.", "en": "It is empty."},
    }


def test_an_error_speaks_the_language_of_its_reader() -> None:
    leak = Leak("leak", name="rouge")
    assert (leak.message("fr"), leak.message("en")) == ("Le seau rouge fuit.", "The bucket rouge leaks.")
    assert (str(leak), str(Leak("empty"))) == ("leak {'name': 'rouge'}", "empty")


@pytest.mark.parametrize("error", [Leak("unknown"), Leak("leak")])
def test_a_sentence_that_is_missing_or_incomplete_is_a_fault_of_ours(error: Leak) -> None:
    with pytest.raises(KeyError):
        error.message("fr")


def test_an_error_crosses_to_another_process_whole() -> None:
    leak = Leak("leak", name="rouge")
    for same in (pickle.loads(pickle.dumps(leak)), copy.copy(leak)):
        assert same.message("fr") == leak.message("fr")
