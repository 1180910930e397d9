"""XML from strangers: no entities, no network, no depth; strict first, mended where that fails."""

import re
from html.entities import html5
from typing import NamedTuple

from lxml import etree

_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PROLOG = re.compile(r"<\?xml\b[^>]{0,300}\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]{0,2000}(?:\[(.{0,100000}?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,60})\s+(?:"([^"]{0,2000})"|'([^']{0,2000})')\s*>""")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z][\w.-]{0,60};)?")
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&#(?:[0-8]|1[12]|1[4-9]|2\\d|3[01]|x[01]?[0-8b-cBCe-fEF]);"
)
# Nothing before the root but a byte order mark, white space and instructions: no room for a document type.
_BARE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^?]{0,1000}\?>){0,200}<[^!?\s]")
_OTHER_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_MAX_GROWTH = 1_000_000
_BEGINNING = re.compile(
    r"(?:\s|\ufeff|<\?[^>]{0,300}\?>|<!--.{0,2000}?-->|<!DOCTYPE\s+(?P<type>[\w.-]+)[^>]{0,2000}>)*"
    r"(?:<(?P<root>[a-z][\w.:-]{0,60}))?",
    re.IGNORECASE | re.DOTALL,
)
_OF_PAGES = frozenset(("html", "head", "body", "title", "meta", "link", "base", "script", "style"))
_OF_FEEDS = frozenset(("rss", "feed", "rdf:rdf", "opml", "urlset", "sitemapindex"))
_STOPS, _UNCLOSED, _UNBOUND = (4, 5, 77), (76,), (201,)
"""What libxml2 calls a document that is empty or ends before its elements do, an element closed by another,
and a prefix that names nothing: that one is XML all the same."""

_STRICT, _FORGIVING = (
    etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    for recover in (False, True)
)


class Fault(NamedTuple):
    """Where XML stops being XML: the line, from 1, and a code of `messages.py` that says how."""

    line: int
    code: str


class Bomb(Exception):
    """The document declares entities made of entities, or grows beyond reason."""


def parse_utf8(body: bytes) -> etree._Element | None:
    """The root of a faultless document in UTF-8, straight from its bytes; None for any other."""
    if _BARE.match(body) is None and (b"<!D" in body[:4000] or b"<!ENTITY" in body):
        return None
    if _OTHER_ENCODING.match(body) is not None:
        return None
    try:
        return etree.fromstring(body, _STRICT)
    except etree.XMLSyntaxError:
        return None


def parse_xml(text: str) -> tuple[etree._Element | None, bool]:
    """The root of a document, None when there is nothing to read, and whether it had to be mended.

    Raises `Bomb`. A document type is never read, only entities it declares as plain text.
    """
    text = text[max(text.find("<"), 0) :]
    if "<!ENTITY" not in text:
        head = text[:4000]
        if ("<!D" in head or "<!d" in head) and "<!DOCTYPE" in head.upper():
            text = _DOCTYPE.sub("", text, count=1)
        if text.startswith("<?xml"):
            text = text[text.find("?>") + 2 :].lstrip()
        try:
            return _parse(text, recover=False), False
        except etree.XMLSyntaxError:
            pass
    return _parse(_mended(text), recover=True), True


def says_xml(text: str, content_type: str = "") -> bool:
    """Whether a document gives itself out as XML and is no web page, however it is sent."""
    beginning = _BEGINNING.match(text[:8000])
    assert beginning is not None  # every part of it may be absent
    root = (beginning["root"] or "").lower()
    if root in _OF_PAGES or (beginning["type"] or "").lower() == "html":
        return False
    kind = content_type.partition(";")[0].strip().lower()
    is_sent_as_xml = kind.endswith(("/xml", "+xml")) and kind != "application/xhtml+xml"
    return is_sent_as_xml or root in _OF_FEEDS or text.lstrip("\ufeff \t\r\n").startswith("<?xml")


def fault_of(text: str) -> Fault | None:
    """The first fault of a document read strictly; None for a faultless one, and for one without any element.
    Its type is not looked at."""
    if "<" not in text:
        return None
    start = max(text.find("<"), 0)
    rest = _DOCTYPE.sub(lambda found: "\n" * found[0].count("\n"), text[start:], count=1)
    try:
        _parse(rest, recover=False)
    except etree.XMLSyntaxError as error:
        if error.code in _UNBOUND:
            return None
        line = text.count("\n", 0, start) + max(error.lineno or 1, 1)
        if error.code in _STOPS:
            return Fault(line, "feed_stops")
        return Fault(line, "feed_unclosed" if error.code in _UNCLOSED else "feed_broken")
    return None


def _parse(text: str, *, recover: bool) -> etree._Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _FORGIVING if recover else _STRICT)
    except etree.XMLSyntaxError:
        if not recover:
            raise
        return None


def _mended(text: str) -> str:
    """Without stray prologs, HTML's entities, bare ampersands and control characters: the usual faults."""
    text = _PROLOG.sub("", text)
    declared: dict[str, str] = {}
    doctype = _DOCTYPE.search(text)
    if doctype is not None:
        for name, double, single in _ENTITY.findall(doctype.group(1) or ""):
            value = double or single
            if re.search(r"&(?!#|amp;|lt;|gt;|quot;|apos;)|%", value):
                raise Bomb
            declared[name] = value
        text = text[: doctype.start()] + text[doctype.end() :]
    # What is left of declarations is an example in somebody's article, or a document type too odd to
    # be cut out: as text it declares nothing.
    text = text.replace("<!ENTITY", "&lt;!ENTITY")
    budget = _MAX_GROWTH

    def replacement(found: re.Match[str]) -> str:
        nonlocal budget
        name = (found.group(1) or "")[:-1]
        value = declared.get(name)
        if value is not None:
            budget -= len(value)
            if budget < 0:
                raise Bomb
            return value
        character = html5.get(name + ";") if name and name not in _XML_NAMES else None
        return character if character else "&amp;" + found.group(0)[1:]

    return _ILLEGAL.sub("", _REFERENCE.sub(replacement, text))
