"""Life-cycles as data: checked when made, one way to move."""

import pytest
from django_scopes import scope

from palabre.kit.states import Graph, Moved, move
from palabre.listening.models import Source
from palabre.listening.sources import SourceDraft, add_source
from palabre.listening.states import SOURCE
from tests.builders import build_cast


def test_a_graph_with_a_move_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown states: \\['gone'\\]"):
        Graph(first="new", moves={"new": frozenset({"gone"})})


def test_a_graph_with_a_state_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing leads to: \\['lost'\\]"):
        Graph(first="new", moves={"new": frozenset(), "lost": frozenset({"new"})})


def test_a_graph_draws_itself() -> None:
    graph = Graph(first="new", moves={"new": frozenset({"done"}), "done": frozenset()})
    assert graph.dot() == 'digraph {\n  "new" -> "done";\n}'


@pytest.fixture
def source(db: None) -> Source:
    cast = build_cast()
    with scope(brand=cast.brand):
        draft = SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss")
        return add_source(brand=cast.brand, by=None, draft=draft)


def test_a_move_changes_the_row_and_the_object(source: Source) -> None:
    move(source, SOURCE, to="failing", failures=3)
    kept = Source._base_manager.get()
    assert (source.state, source.failures) == (kept.state, kept.failures) == ("failing", 3)


def test_a_move_the_graph_does_not_know_is_refused(source: Source) -> None:
    with pytest.raises(ValueError, match="cannot move from new to new"):
        move(source, SOURCE, to="new")


def test_who_comes_second_learns_that_the_row_moved(source: Source) -> None:
    late = Source._base_manager.get()
    move(source, SOURCE, to="paused")
    with pytest.raises(Moved):
        move(late, SOURCE, to="working")
    assert Source._base_manager.get().state == "paused"
