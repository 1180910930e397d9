"""A query told in words, in French and English, as an outline that a page or a terminal can show."""

from dataclasses import dataclass

from palabre.query.messages import say
from palabre.query.tree import And, Form, Is, Near, Node, Not, Or, Query, Term, Within


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line of the outline; `items` are the lines under it, of which `text` is then the heading."""

    text: str
    items: tuple["Explanation", ...] = ()

    def lines(self, depth: int = 0) -> list[str]:
        """The outline as indented lines."""
        below = [line for item in self.items for line in item.lines(depth + 1)]
        return [("  " * (depth - 1) + "– " if depth else "") + self.text, *below]


def explain(query: Query, language: str) -> str:
    """The query in words, in `fr` or `en`, one condition a line."""
    return "\n".join(explained(query, language).lines())


def explained(query: Query, language: str) -> Explanation:
    """The query in words as an outline."""
    root = query.root
    items = root.items if isinstance(root, And) else (root,)
    return Explanation(say("posts_with", language), tuple(_told(item, language) for item in items))


def _told(node: Node, language: str) -> Explanation:
    match node:
        case Term():
            return Explanation(_term(node, language))
        case And():
            return _outline("all_of", node.items, language)
        case Or():
            return _outline("one_of_these", node.items, language)
        case Not():
            return _prefixed(say("without", language), _told(node.item, language))
        case Within():
            return _prefixed(say(f"in_{node.field}", language), _told(node.item, language))
        case Is():
            value = node.value.upper() if node.field == "country" else node.value
            return Explanation(say(f"is_{node.field}", language, value=value))
        case Near():
            return _near(node, language)


def _outline(code: str, items: tuple[Node, ...], language: str) -> Explanation:
    return Explanation(say(code, language), tuple(_told(item, language) for item in items))


def _prefixed(words: str, told: Explanation) -> Explanation:
    return Explanation(f"{words} {told.text}", told.items)


def _near(node: Near, language: str) -> Explanation:
    told = [_told(item, language) for item in node.items]
    for rank, link in enumerate(node.links, start=1):
        code = "near_after" if link.ordered else "near_around"
        told[rank] = _prefixed(say(code, language, distance=link.distance), told[rank])
    return Explanation(say("near", language), tuple(told))


def _term(term: Term, language: str) -> str:
    forms = {part.form for part in term.parts}
    value = term.parts[0].value
    if len(term.parts) > 1:
        text = say("a_phrase", language, text=term.text)
    elif value[0] in "#@":
        text = say("a_hashtag" if value[0] == "#" else "a_handle", language, text=value)
    elif Form.PREFIX in forms:
        return say("a_beginning", language, text=term.text)
    else:
        text = say("a_word", language, text=term.text)
    if term.raw:
        return text + say("spelt_so", language)
    if Form.STEM in forms:
        return text + say("in_any_form", language)
    return text + say("or_longer", language) if Form.PREFIX in forms else text
