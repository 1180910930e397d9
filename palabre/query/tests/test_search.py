"""What a network's own search is asked for."""

import pytest

from palabre.query import parse, search_phrases


@pytest.mark.parametrize(
    ("source", "phrases"),
    [
        ("baobab", ("baobab",)),
        ('"Café Baobab" OR #CafeBaobab', ("Café Baobab", "#CafeBaobab")),
        ('"Café Baobab" AND (avis OR service OR prix)', ("Café Baobab",)),
        ("(avis OR service) baobab", ("baobab",)),
        ("baobab -recette", ("baobab",)),
        ("restau*", ()),
        ("~livraison OR baobab", ()),
        ("baobab OR site:lemonde.fr", ()),
        ("baobab site:lemonde.fr", ("baobab",)),
    ],
)
def test_every_match_holds_one_of_the_phrases(source: str, phrases: tuple[str, ...]) -> None:
    assert search_phrases(parse(source)) == phrases
