"""The index agrees with the plain evaluator, whatever the queries, the posts and their order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.query import Document, Index, Query, matches
from palabre.query.tests.made import documents, queries


@settings(deadline=None)
@given(st.lists(queries(), max_size=8), st.lists(documents(), max_size=4))
def test_the_index_finds_what_the_plain_evaluator_finds(asked: list[Query], posts: list[Document]) -> None:
    index = Index(enumerate(asked))
    for post in posts:
        expected = [number for number, query in enumerate(asked) if matches(query, post)]
        assert sorted(index.match(post)) == expected


@settings(deadline=None)
@given(st.lists(st.tuples(queries(), documents(), st.integers(0, 3)), max_size=10))
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
