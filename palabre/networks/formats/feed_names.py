"""The elements of feeds by meaning instead of by dialect: one vocabulary for each document that is read."""

from lxml import etree

Found = dict[str, list[etree._Element]]

# Namespaces whose elements mean what plain RSS and Atom mean are the core: no prefix.
_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://purl.org/rss/1.0/modules/slash/": "slash:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://purl.org/syndication/thread/1.0": "thr:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
ENTRIES = ("item", "entry")
PICTURED = frozenset({"media:thumbnail", "media:content", "media:group", "itunes:image"})
_RICH = PICTURED | {"enclosure", "media:community"}
"""Elements that hold a picture, a file or a figure: a document without them is not searched for any."""
_PUBLISHED = (
    "pubDate",
    "published",
    "dc:date",
    "dcterms:issued",
    "issued",
    "dcterms:created",
    "created",
    "date",
)
WHOLE = ("content:encoded", "content", "xhtml:body", "xhtml:div")
_BODIES = (
    *WHOLE,
    "description",
    "summary",
    "dc:description",
    "itunes:summary",
    "media:description",
    "itunes:subtitle",
)
_UPDATED = ("updated", "dcterms:modified", "modified", "lastBuildDate")
_CREATORS = ("dc:creator", "author", "itunes:author", "media:credit")
_ORDERS = {
    meaning: (sort, order)
    for sort, order in (
        ("published", _PUBLISHED),
        ("updated", _UPDATED),
        ("bodies", _BODIES),
        ("creators", _CREATORS),
    )
    for meaning in order
}
"""Where a meaning is noted when it is met, and what it is preferred to there."""


class Names(dict[str, str]):
    """Tags to meanings for one document: `title`, `dc:date`, `media:thumbnail`, nothing for the unknown.

    A namespace nobody knows counts as the core if it is the root's. `published`, `updated`,
    `bodies` and `creators` are the meanings of each sort met so far, the preferred first; `rich` tells
    whether any was met that holds a picture, a file or a figure.
    """

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self.published: list[str] = []
        self.updated: list[str] = []
        self.bodies: list[str] = []
        self.creators: list[str] = []
        self.rich = False
        namespace, _, name = root.tag.rpartition("}")
        self._core = namespace[1:]
        self.root = name.lower()

    def __missing__(self, tag: str) -> str:
        namespace, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
        prefix = "" if namespace == self._core else _PREFIXES.get(namespace)
        if prefix is None:
            prefix = _PREFIXES.get(namespace.rstrip("/") + "/")
        meaning = self[tag] = "" if prefix is None else prefix + local
        if meaning in _ORDERS:
            sort, order = _ORDERS[meaning]
            met: list[str] = getattr(self, sort)
            if meaning not in met:
                met.append(meaning)
                met.sort(key=order.index)
        if meaning in _RICH:
            self.rich = True
        return meaning

    def children(self, parent: etree._Element, *, without_entries: bool = False) -> Found:
        """The children by meaning, in document order; those of unknown namespaces are left out."""
        found: Found = {}
        for child in parent:
            meaning = self[child.tag]
            if meaning in found:
                if not (without_entries and meaning in ENTRIES):
                    found[meaning].append(child)
            elif meaning:
                found[meaning] = [child]
        return found
