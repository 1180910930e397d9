"""The boolean query language of topics: parse, explain, match one document, match many queries.

PURE: plain values in, plain values out. A topic's text goes through `parse`; a post is a `Document`;
`matches` judges one against the other, `Index` one document against a hundred thousand queries.
"""

from palabre.query.document import Document, Reading, Span
from palabre.query.errors import QueryError
from palabre.query.evaluate import holds, matched_terms, matches
from palabre.query.explain import Explanation, explain, explained
from palabre.query.highlight import Advice, Piece, advice, highlight
from palabre.query.index import Index
from palabre.query.necessary import Need, is_unbounded, necessary
from palabre.query.parser import parse
from palabre.query.search import search_phrases
from palabre.query.tree import Query, asks_language

__all__ = [
    "Advice",
    "Document",
    "Explanation",
    "Index",
    "Need",
    "Piece",
    "Query",
    "QueryError",
    "Reading",
    "Span",
    "advice",
    "asks_language",
    "explain",
    "explained",
    "highlight",
    "holds",
    "is_unbounded",
    "matched_terms",
    "matches",
    "necessary",
    "parse",
    "search_phrases",
]
