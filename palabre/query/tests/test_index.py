"""The index agrees with the plain evaluator, whatever the queries, the posts and their order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.query import Document, Index, Query, matches, parse
from palabre.query.tests.made import documents, queries

POST = Document(
    text="Le Restaurant baobab rouvre, #Baobab2 l’Étoile, livraisons gratuites 東京 https://baobab.fr/carte"
)


@pytest.mark.parametrize(
    "query", ["rouvre", "baobab2", "#baobab2", "etoile", "rest*", "ba*", "~livraison", "京", "carte"]
)
def test_a_new_topic_is_seen_by_posts_met_before(query: str) -> None:
    index = Index([("old", parse("restaurant gratuites"))])
    for _ in range(2):
        assert index.match(POST) == ["old"]
    index.add("new", parse(query))
    assert sorted(index.match(POST)) == ["new", "old"]
    index.remove("new")
    assert index.match(POST) == ["old"]


def test_a_replaced_topic_is_found_by_its_new_words_alone() -> None:
    index = Index([("a", parse("baobab"))])
    index.add("a", parse("cactus"))
    assert index.match(POST) == []
    assert index.match(Document(text="un cactus")) == ["a"]
    assert len(index) == 1 and "a" in index


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ("site:paris.fr", Document(url="https://fr.blog.paris.fr/a")),
        ("site:paris.fr/abc NOT prix", Document(url="https://www.paris.fr:8080/abc/d", text="gratuit")),
        ("site:lyon.fr OR site:paris.fr", Document(url="http://paris.fr")),
        ('author:"Ada Paris"', Document(author="Ada Paris")),
        ("author:@ada", Document(author="ada")),
        ("url:baobab lang:fr", Document(url="https://x.fr/le-baobab", lang="fr")),
        ("baobab OR site:paris.fr", Document(url="https://paris.fr/x")),
        ("(author:ada site:paris.fr) OR (author:eve rien*)", Document(author="ada", url="https://paris.fr")),
    ],
)
def test_a_topic_of_a_place_or_a_person_is_asked_of_their_posts_alone(query: str, met: Document) -> None:
    index = Index([("place", parse(query))])
    assert index._vocabularies.every.seconds is None
    assert index.match(met) == ["place"]
    assert index.match(met._replace(url="https://notparis.fr/", author="bob")) == []
    index.remove("place")
    assert index.match(met) == [] and not index._asked


@pytest.mark.parametrize("text", ["un Café de Flore", "un café, de  flore", "UN CAFE-DE-FLORE."])
def test_a_phrase_of_several_topics_is_found_until_the_last_of_them_goes(text: str) -> None:
    phrase = '"café de flore"'
    index = Index([("one", parse(phrase)), ("two", parse(f"(flore OR {phrase}) un"))])
    index.add("not", parse(f"un NOT {phrase}"))
    post, other = Document(text=text), Document(text="un café chez flore de paris")
    assert (sorted(index.match(post)), sorted(index.match(other))) == (["one", "two"], ["not", "two"])
    index.remove("one")
    assert index.match(post) == ["two"]
    index.remove("two")
    assert (index.match(post), index.match(other)) == ([], ["not"])
    index.remove("not")
    assert index.match(other) == [] and list(index._vocabularies.names) == [""]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables so small that most pieces fight for a place."""
    monkeypatch.setattr("palabre.query.table._FIRST_SIZE", 4)
    monkeypatch.setattr("palabre.query.table._LAST_SIZE", 64)
    monkeypatch.setattr("palabre.query.table._MOST_KEYS", 3)


@pytest.mark.usefixtures("narrow")
def test_what_is_remembered_of_posts_is_bounded() -> None:
    index = Index([("all", parse("mot")), ("some", parse("m7 OR m77"))])
    posts = [Document(text=f"mot m{number} https://x.fr/{number}") for number in range(300)]
    assert [sorted(index.match(post)) for post in posts] == [
        ["all", "some"] if number in (7, 77) else ["all"] for number in range(300)
    ]
    table = index._vocabularies.of("")._table
    assert table is not None and len(table._first) == 64


def test_a_topic_with_hundreds_of_choices_is_filed_and_forgotten() -> None:
    words = " OR ".join(f"mot{number}" for number in range(300))
    index = Index([(1, parse(f"({words}) AND ({words.replace('mot', 'nom')})"))])
    assert index.match(Document(text="mot7 nom8")) == [1]
    assert index.match(Document(text="mot7 mot8")) == []
    index.remove(1)
    assert index.match(Document(text="mot7 nom8")) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(queries(), max_size=8), st.lists(documents(), max_size=4))
def test_the_index_finds_what_the_plain_evaluator_finds(asked: list[Query], posts: list[Document]) -> None:
    index = Index(enumerate(asked))
    for post in posts:
        expected = [number for number, query in enumerate(asked) if matches(query, post)]
        assert sorted(index.match(post)) == expected


@pytest.mark.usefixtures("narrow")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(queries(), max_size=6), st.lists(documents(), max_size=8))
def test_many_posts_at_once_are_judged_as_one_by_one(asked: list[Query], posts: list[Document]) -> None:
    index = Index(enumerate(asked))
    expected = [{number for number, query in enumerate(asked) if matches(query, post)} for post in posts]
    for _ in range(2):
        assert list(map(set, index.match_many(posts))) == expected


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(queries(), documents(), st.integers(0, 3)), max_size=6))
def test_the_index_follows_every_change(steps: list[tuple[Query, Document, int]]) -> None:
    index: Index[int] = Index()
    asked: dict[int, Query] = {}
    for query, post, number in steps:
        if number in asked and asked[number] == query:
            index.remove(number)
            del asked[number]
        else:
            index.add(number, query)
            asked[number] = query
        for document in (post, *(earlier for _, earlier, _ in steps)):
            assert sorted(index.match(document)) == sorted(
                n for n, q in asked.items() if matches(q, document)
            )
        assert len(index) == len(asked)
    for number in list(asked):
        index.remove(number)
    assert not any(index.match(post) for _, post, _ in steps)
