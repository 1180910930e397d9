"""What a query finds in a post, and where."""

import pytest
from hypothesis import given, settings

from palabre.kit.text import tokens
from palabre.query import Document, Query, is_unbounded, matched_terms, matches, necessary, parse
from palabre.query.tests.made import documents, queries

POST = Document(
    id="1",
    title="Chez L’Oréal, un nouveau resto",
    text="Le McDo de la rue livre à 3,5 € : livraisons gratuites ! #BonPlan merci @marie.dupont "
    "東京タワー 👍🏽 C++",
    author="@jean.martin",
    url="https://www.eco.lemonde.fr/article/nouveau-resto",
    network="Bluesky",
    lang="fr-CA",
    country="FR",
)


@pytest.mark.parametrize("query", [
    "oreal", "l'Oréal", "L’ORÉAL resto", "mcdo OR quick", "resto NOT quick", '"rue livre"', "gratuit*",
    "~livraison",
    "~gratuit", "3,5", "3,5 €", "#bonplan", "bonplan", "@marie.dupont", "marie", "東京", "京タ", "👍", "C++",
    "mcdo NEAR/3 livre", "livre NEAR/3 mcdo", "mcdo NEAR/3f livre", 'raw:"McDo"', "title:resto",
    "title:(quick OR resto)",
    "author:martin", "author:@jean.martin", 'author:"jean martin"', "site:lemonde.fr", "site:eco.lemonde.fr",
    "site:lemonde.fr/article", "url:article", "lang:fr", "lang:fr-ca", "network:bluesky", "country:fr",
    "-quick",
    "(quick OR le) NEAR/0 mcdo", "mcdo NEAR/2 rue NEAR/0 livre", '"de la" NEAR/1f livre', "#bon*",
    "marie NEAR/0 dupont",
])  # fmt: skip
def test_the_post_is_found(query: str) -> None:
    assert matches(parse(query), POST)


@pytest.mark.parametrize("query", [
    "quick", "resto -mcdo", '"livre rue"', "~livre NOT livre", "C", "hui", "#bon", "#resto", "@marie",
    "@dupont", "都",
    "livre NEAR/3f mcdo", "mcdo NEAR/2 livre", 'raw:"mcdo"', 'raw:"MCDO"', "title:mcdo", "author:marie",
    "site:monde.fr",
    "site:lemonde.fr/art", "site:lemonde.fr.example", "url:mcdo", "lang:en", "lang:fr-be",
    "network:mastodon", "country:be",
    "resto NEAR/50 mcdo", '"resto le"', "NOT resto", "title:(resto NOT oreal)", "3", "livraison",
    "mcdo NEAR/1 mcdo",
])  # fmt: skip
def test_the_post_is_not_found(query: str) -> None:
    assert not matches(parse(query), POST)


def test_inflection_follows_the_language_of_the_post_or_else_of_the_topic() -> None:
    post = Document(text="delivering", lang="en")
    assert matches(parse("~delivered", ("fr",)), post)
    assert matches(parse("~delivered", ("fr", "en")), post._replace(lang=""))
    assert not matches(parse("~delivered", ("fr",)), post._replace(lang=""))


def test_inflection_forgives_missing_accents() -> None:
    assert matches(parse("~deçu"), Document(text="decue", lang="fr"))
    assert matches(parse("~красный"), Document(text="красная", lang="ru"))


def test_what_is_unknown_about_a_post_matches_no_condition_on_it() -> None:
    for condition in ("lang:fr", "country:fr", "network:x", "site:x.fr", "author:x"):
        assert not matches(parse(condition), Document(text="x"))


def test_spans_point_into_the_original() -> None:
    found = matched_terms(parse('"l\'oreal" (rue OR quick) ~livraison NOT absent author:martin'), POST)
    fields = {"title": POST.title, "text": POST.text, "author": POST.author}
    assert {(span.term, fields[span.field][span.start : span.end]) for span in found} == {
        ("~livraison", "livraisons"),
        ("rue", "rue"),
        ('"l\'oreal"', "Oréal"),
        ("martin", "martin"),
    }


def test_near_marks_only_the_words_that_are_near() -> None:
    post = Document(text="prix bas. Un deux trois quatre. Le prix du pain est bas et bas")
    marked = [
        (span.start, post.text[span.start : span.end])
        for span in matched_terms(parse("prix NEAR/3f bas"), post)
    ]
    assert marked == [(0, "prix"), (5, "bas"), (35, "prix"), (52, "bas")]


def test_no_match_marks_nothing() -> None:
    assert matched_terms(parse("mcdo AND quick"), POST) == []


@pytest.mark.parametrize(
    "query", ["NOT a", "lang:fr", "country:fr network:x", "a OR NOT b", "re*", "-a -b", "NOT (NOT a NOT b)"]
)
def test_a_query_that_can_match_everything_is_known(query: str) -> None:
    assert is_unbounded(parse(query))


@pytest.mark.parametrize(
    "query", ["a", "a NOT b", "site:x.fr", "author:x", "res*", "a OR b lang:fr", "東*", "re* x", "~a"]
)
def test_a_query_that_asks_for_something_is_bounded(query: str) -> None:
    assert not is_unbounded(parse(query))


def test_necessary_says_what_a_store_can_look_for() -> None:
    needs = necessary(parse('("Crédit Truc" OR #truc) AND (prix OR tarif*) NOT emploi author:x'))
    assert [sorted((need.text, need.prefix) for need in group) for group in needs] == [
        [("#truc", False), ("credit", False)],
        [("#truc", False), ("truc", False)],
        [("prix", False), ("tarif", True)],
    ]


def test_necessary_knows_nothing_of_inflected_words() -> None:
    assert necessary(parse("~prix")) == ()
    assert len(necessary(parse("~prix bas"))) == 1


@settings(deadline=None, max_examples=60)
@given(queries(), documents())
def test_what_is_necessary_is_in_every_match(query: Query, document: Document) -> None:
    if not matches(query, document):
        return
    found = {token.term for field in (document.title, document.text) for token in tokens(field)}
    for group in necessary(query):
        assert any(
            need.text in found or (need.prefix and any(term.startswith(need.text) for term in found))
            for need in group
        )


@settings(deadline=None, max_examples=60)
@given(queries(), documents())
def test_marks_lie_in_their_field(query: Query, document: Document) -> None:
    found = matched_terms(query, document)
    assert not found or matches(query, document)
    for span in found:
        assert 0 <= span.start < span.end <= len(getattr(document, span.field))
