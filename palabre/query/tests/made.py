"""Random query trees and random hostile posts that have a fair chance of meeting."""

from hypothesis import strategies as st

from palabre.query import Document
from palabre.query.parser import parse
from palabre.query.tree import Query

_WORDS = (
    "oreal", "Oréal", "l’Oréal", "paris", "Paris", "livraison", "livraisons", "livrer", "deliver",
    "delivered",
    "a", "ab", "abc", "abcd", "rendez-vous", "東京", "東", "京都", "👍", "👍🏽", "👩\u200d🚒",
    "C++", "C", "3,5", "AT&T",
    "aujourd'hui", "#paris", "#Abc_d", "@paris", "@ab.cd", "@ab@paris.fr", "@ab", "Canal+", "canal",
    "McDo", "mcdo",
    "œuf", "ﬁn", "ไทย", "الكتاب", "пaris",
)  # fmt: skip
_GLUE = (
    " ",
    " ",
    " ",
    " ",
    "\n",
    ", ",
    ". ",
    "-",
    "’",
    "\u200b",
    "",
    "_",
    "\u00a0",
    "\u3000",
    "/",
    " #",
    " @",
    "'s ",
)

words = st.sampled_from(_WORDS)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A post of such words, joined in every way people and bots join them."""
    pieces = draw(st.lists(st.tuples(words, st.sampled_from(_GLUE)), max_size=12))
    text = "".join(word + glue for word, glue in pieces)
    return text + draw(st.one_of(st.just(""), st.just(""), st.text(max_size=8)))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    return Document(
        title=draw(st.one_of(st.just(""), texts())),
        text=draw(texts()),
        author=draw(st.sampled_from(("", "paris", "@ab.cd", "Abc Paris", "@ab@paris.fr"))),
        url=draw(
            st.sampled_from(("", "https://www.paris.fr/abc/l%27oreal", "http://blog.ab.fr:80/", "][", "x"))
        ),
        network=draw(st.sampled_from(("", "bluesky", "Mastodon"))),
        lang=draw(st.sampled_from(("", "fr", "fr-CA", "en", "ja", "zz"))),
        country=draw(st.sampled_from(("", "FR", "be"))),
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


_phrases = st.lists(words, min_size=1, max_size=3).map(lambda found: _quoted(" ".join(found)))
_plain = st.one_of(words, words, words, _phrases, _phrases.map("raw:{}".format))
_terms = st.one_of(
    _plain,
    _plain,
    st.sampled_from(("ab*", "abc*", "#ab*", "@ab*", "par*", "livr*", '"rendez vo"*', "東*", "l'oré*")),
    st.sampled_from(("~livraison", "~deliver", "~paris", '~"livraison paris"')),
)
_conditions = st.sampled_from(
    ("site:paris.fr", "site:ab.fr", "site:paris.fr/abc", "lang:fr", "lang:fr-CA", "network:bluesky",
    "country:FR",
     "author:paris", "author:@ab.cd", "author:(abc OR paris)", "url:abc", "url:oreal", "author:ab*",
     "url:~abc" )
)  # fmt: skip
_choices = st.lists(_terms, min_size=2, max_size=3).map(lambda found: f"({' OR '.join(found)})")
_operands = st.one_of(_terms, _choices)


@st.composite
def _nears(draw: st.DrawFn) -> str:
    text = draw(_operands)
    for _ in range(draw(st.integers(1, 2))):
        text += f" NEAR/{draw(st.integers(0, 4))}{draw(st.sampled_from(('', 'f')))} {draw(_operands)}"
    return text


def _grown(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = smaller.map("({})".format)
    return st.one_of(
        st.lists(grouped, min_size=2, max_size=3).map(" AND ".join),
        st.lists(grouped, min_size=2, max_size=3).map(" ".join),
        st.lists(grouped, min_size=2, max_size=3).map(" OR ".join),
        grouped.map("NOT {}".format),
        st.tuples(grouped, grouped).map(" SAUF ".join),
    )


_inner = st.recursive(st.one_of(_terms, _terms, _nears()), _grown, max_leaves=4)
_leaves = st.one_of(_terms, _terms, _terms, _nears(), _conditions, _inner.map("title:({})".format))

query_texts = st.recursive(_leaves, _grown, max_leaves=8)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """A query with any mixture of features; its topic's languages vary too."""
    return parse(draw(query_texts), draw(st.sampled_from((("fr", "en"), ("en",), ("ja",)))))
