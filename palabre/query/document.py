"""What a query is judged on: a post as plain values, and the same post cut into words once."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from palabre.kit.text import Token, tokens

FieldName = Literal["title", "text", "author", "url"]


class Document(NamedTuple):
    """A post as the query language sees it; empty means unknown. `lang` and `country` are ISO codes."""

    id: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    url: str = ""
    network: str = ""
    lang: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where a term of the query was found: characters `start` to `end` of the document's field."""

    field: FieldName
    start: int
    end: int
    term: str


class Passage:
    """The words of one field, by term."""

    def __init__(self, field: FieldName, text: str, found: list[Token]) -> None:
        self.field, self.text = field, text
        self.places: dict[str, list[Token]] = {}
        for token in found:
            self.places.setdefault(token.term, []).append(token)


class Reading:
    """A document read once and judged many times: fields are cut into words when first asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = primary(document.lang)

    @cached_property
    def title(self) -> Passage:
        return Passage("title", self.document.title, tokens(self.document.title))

    @cached_property
    def text(self) -> Passage:
        return Passage("text", self.document.text, tokens(self.document.text))

    @cached_property
    def author(self) -> Passage:
        return Passage("author", self.document.author, list(author_tokens(self.document.author)))

    @cached_property
    def url(self) -> Passage:
        """The words of the address; where it is percent-encoded each stands for the whole of it."""
        address = self.document.url
        found = tokens(unquote(address))
        if "%" in address:
            found = [token._replace(start=0, end=len(address)) for token in found]
        return Passage("url", address, found)

    @cached_property
    def body(self) -> tuple[Passage, ...]:
        """Where a term without a field is looked for."""
        return (self.title, self.text) if self.document.title else (self.text,)

    @cached_property
    def place(self) -> tuple[str, str]:
        """Host and path of the document's address."""
        return host_and_path(self.document.url)


def values(document: Document, field: str) -> Iterator[str]:
    """What a document has for `necessary.Value` to meet: words of its author or address, its sites."""
    match field:
        case "author":
            yield from (token.term for token in author_tokens(document.author))
        case "url":
            yield from (token.term for token in tokens(unquote(document.url)))
        case "site":
            host, _path = host_and_path(document.url)
            while host:
                yield host
                host = host.partition(".")[2]


def author_tokens(author: str) -> Iterator[Token]:
    """The words of an author's name; a name in one piece is also a handle, with or without its @."""
    if author[:1] in ("@", "＠", "") or len(author.split()) != 1:
        yield from tokens(author)
        return
    for token in tokens("@" + author):
        yield token._replace(start=max(0, token.start - 1), end=token.end - 1)


def primary(language: str) -> str:
    """The language of a tag without its region: `fr` for `fr-CA` and `FR_be`."""
    return language.replace("_", "-").partition("-")[0].lower()


def host_and_path(address: str) -> tuple[str, str]:
    """Host in lower case without `www.` nor port, in Unicode, and path; empty strings where there is none."""
    try:
        parts = urlsplit(address.strip() if "//" in address else "//" + address.strip())
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:  # not an address (a bracket left open): it has no host
        return "", ""
    if "xn--" in host:
        with suppress(UnicodeError):
            host = host.encode("ascii").decode("idna")
    return host, unquote(parts.path)
