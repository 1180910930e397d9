"""OPML in and out: the list of feeds with which people move from one reader to another.

http://opml.org/spec2.opml, read 2026-11-23. Folders nest; a feed may lie in several.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from palabre.networks.formats.addresses import typed_address
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import one_line
from palabre.networks.formats.xml import Bomb, parse_xml

MAX_BYTES = 20_000_000
MAX_FEEDS = 10_000
MAX_DEPTH = 20


class NotOpml(Exception):
    """The document holds no list of feeds; `reason` is a code of `messages.py`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One feed of a list; `folders` from the outermost in."""

    url: str
    title: str = ""
    site: str = ""
    folders: tuple[str, ...] = ()


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a list in its order, each address once (in its first folder). Raises `NotOpml`."""
    if len(body) > MAX_BYTES:
        raise NotOpml("opml_too_large")
    try:
        root, _ = parse_xml(decode(body))
    except Bomb:
        raise NotOpml("feed_entity_bomb") from None
    if root is None or next(root.iter("{*}outline"), None) is None:
        raise NotOpml("opml_unreadable")
    feeds: dict[str, Outline] = {}
    # A stack, not recursion: depth is a stranger's choice.
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting and len(feeds) < MAX_FEEDS:
        element, folders = waiting.pop()
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        title = one_line(attributes.get("title") or attributes.get("text") or "")
        address = typed_address(attributes.get("xmlurl", ""))
        is_outline = etree.QName(element).localname.lower() == "outline"
        if is_outline and address:
            site = typed_address(attributes.get("htmlurl", ""))
            feeds.setdefault(address, Outline(url=address, title=title, site=site, folders=folders))
        elif is_outline and title and len(folders) < MAX_DEPTH:
            folders = (*folders, title)
        waiting += [(child, folders) for child in reversed(element)]
    return tuple(feeds.values())


def write_opml(outlines: Iterable[Outline], *, title: str) -> bytes:
    """A list of feeds any reader can take, folders in the order of their first feed."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = one_line(title)
    places: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for outline in outlines:
        for depth in range(1, len(outline.folders) + 1):
            path = outline.folders[:depth]
            if path not in places:
                name = one_line(path[-1])
                places[path] = etree.SubElement(places[path[:-1]], "outline", text=name, title=name)
        name = one_line(outline.title) or outline.url
        feed = etree.SubElement(places[outline.folders], "outline", type="rss", text=name, title=name)
        feed.set("xmlUrl", outline.url)
        if outline.site:
            feed.set("htmlUrl", outline.site)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
