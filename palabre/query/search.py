"""What to ask a network's own search for a query: phrases, one of which every match holds."""

from palabre.query.tree import And, Form, Is, Near, Node, Not, Or, Query, Term, Within


def search_phrases(query: Query) -> tuple[str, ...]:
    """The fewest, longest phrases such that every matching document holds one of them, as typed.

    None at all where the query is held by no exact words (only prefixes, inflected words, fields).
    """
    return tuple(dict.fromkeys(_phrases(query.root)))


def _phrases(node: Node) -> list[str]:
    match node:
        case Term():
            exact = all(part.form is Form.WORD for part in node.parts)
            return [node.text] if exact else []
        case And() | Near():
            choices = [found for item in node.items if (found := _phrases(item))]
            return min(choices, key=lambda found: (len(found), -min(map(len, found))), default=[])
        case Or():
            choices = [_phrases(item) for item in node.items]
            return [phrase for found in choices for phrase in found] if all(choices) else []
        case Within():
            return _phrases(node.item) if node.field == "title" else []
        case Not() | Is():
            return []
