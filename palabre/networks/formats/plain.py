"""From a publisher's HTML to the plain text that is matched, stored and shown.

The work is done inside libxml2 (parse, strip, serialise as text); Python only marks where blocks
begin beforehand and lays the lines out afterwards. Nothing of the markup survives, so nothing of
it can run in a page.
"""

import re
from html import unescape

from lxml import etree

_BREAK = "\ue000"
"""A private character that stands for the edge of a block while libxml2 serialises."""

_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|blockquote|pre|section|article|header|footer|aside|figure|"
    r"figcaption|dl|dt|dd|hr|main|nav|form|address)[\s/>])",
    re.IGNORECASE,
)
_SILENT = ("script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math")
_SPACES = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")  # what is one plain space already is left alone
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TAG = re.compile(r"</?(?:p|br|div|a|img|b|i|em|strong|span|ul|li|h\d)\b[^<>]{0,2000}>", re.IGNORECASE)
# Bare tags that end no word and hide nothing: titles seldom have others.
_INLINE = re.compile(r"</?(?:b|i|u|s|em|strong|mark|small|sub|sup|span|font)>", re.IGNORECASE)
# Control characters, broken surrogates, and the two overrides that would turn a line of a page around.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile(r"[<&]")

_PARSER = etree.HTMLParser(
    no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
)
MAX_HTML = 2_000_000
"""Characters of markup looked at; what comes after is not a text somebody reads."""


def to_text(html: str) -> str:
    """Plain text, one line a block, no-break spaces kept; entities escaped twice are unescaped twice."""
    if is_plain(html):
        return html.strip()
    text = _once(html[:MAX_HTML])
    if "<" in text and "<" not in html and _TAG.search(text):
        text = _once(text)  # a whole document escaped twice
    return unescape_twice(text)


def one_line(html: str) -> str:
    """As `to_text`, on one line: for titles and names."""
    html = html.strip()
    if html.isprintable() and "<" not in html and "&" not in html and "  " not in html:  # `is_plain`
        return html
    return to_text(html).replace("\n", " ")


def is_plain(html: str) -> bool:
    """Most titles and many texts are plain already: no markup, and printable, that is no control
    character, no line break and no space but the ordinary one."""
    return html.isprintable() and "<" not in html and "&" not in html and "  " not in html


def unescape_twice(text: str) -> str:
    """Entities that were escaped once too often; a lone `&` or an unknown name stays as it is."""
    return unescape(text) if "&" in text and _ENTITY.search(text) else text


def clean(text: str) -> str:
    """Text that never was markup: control characters out, runs of spaces made one, lines kept."""
    if text.isprintable() and "  " not in text:  # most posts: one line of nothing but letters and spaces
        return text.strip()
    return "\n".join(
        filter(None, (_SPACES.sub(" ", line).strip() for line in _CONTROLS.sub("", text).splitlines()))
    )


def _once(html: str) -> str:
    if not _MARKUP.search(html):
        text = html
    elif "<" not in html:
        text = unescape(html)
    elif len(html) < 1000 and "<" not in (bare := _INLINE.sub("", html)):
        text = unescape(bare)
    else:
        text = _stripped(_BLOCK.sub(_BREAK + "<", html))
    if not text.isprintable():
        text = _SPACES.sub(" ", _CONTROLS.sub("", text))
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    if _BREAK not in text:
        return text.strip()
    return "\n".join(filter(None, (line.strip() for line in text.split(_BREAK))))


def _stripped(html: str) -> str:
    try:
        root = etree.fromstring(html.replace("\x00", "").encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, *_SILENT, with_tail=False)
    return str(etree.tostring(root, method="text", encoding="unicode"))
