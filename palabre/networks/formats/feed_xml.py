"""RSS 0.9x to 2.0, RDF and Atom on libxml2: one walk over each entry, by meaning instead of by dialect."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from lxml import etree

from palabre.networks.formats.addresses import absolute, joined
from palabre.networks.formats.dates import parse_date, usual_date
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.feed_model import MAX_ENTRIES, FeedDocument, FeedEntry, NotAFeed
from palabre.networks.formats.feed_names import ENTRIES, PICTURED, WHOLE, Found, Names
from palabre.networks.formats.plain import clean, is_plain, one_line
from palabre.networks.formats.xml import Bomb, fault_of, parse_utf8, parse_xml, says_xml

_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE, _LANG = _XML + "base", _XML + "lang"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TEXTS = frozenset(
    {
        "guid",
        "id",
        "pubDate",
        "published",
        "dc:date",
        "dcterms:issued",
        "issued",
        "dcterms:created",
        "created",
    }
    | {"date", "updated", "dcterms:modified", "modified", "dc:creator", "itunes:author", "media:credit"}
    | {"dc:identifier", "dc:language", "slash:comments", "thr:total", "feedburner:origLink"}
)
"""Elements of which only the text counts."""
_STRINGS = frozenset({"title", "link", "description", "author", "content:encoded"})
"""Elements of RSS that are one string unless somebody nested markup; those of Atom have attributes."""
_IGNORED = frozenset({"comments", "source", "rights", "dc:type", "item", "entry"})
_PERIODS = {
    "hourly": 3600.0,
    "daily": 86400.0,
    "weekly": 604800.0,
    "monthly": 2592000.0,
    "yearly": 31536000.0,
}
_DAYS = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_NOTHING: Mapping[str, str] = {}


def read(body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
    """Read an XML feed. Raises `NotAFeed` for a page, another kind of document, or nothing readable."""
    root, mended, text = parse_utf8(body), False, ""
    if root is None:
        text = decode(body, content_type)
        try:
            root, mended = parse_xml(text)
        except Bomb:
            raise NotAFeed("feed_entity_bomb") from None
    if root is None:
        fault = fault_of(text) if says_xml(text, content_type) else None
        raise NotAFeed(fault.code, line=fault.line) if fault else NotAFeed("not_a_feed")
    names = Names(root)
    channel, entries, astray = _parts(root, names)
    head = names.children(channel, without_entries=True)
    links = _links(head.get("link", ()))
    site = _first_text(head, "link") or links.get("alternate", "")
    own_base = _base(channel, url)
    base = own_base or url
    site = absolute(site, base)
    reader = _EntryReader(names, base=base, site=site, based=bool(own_base) or astray)
    every, hours, days = _rhythm(head)
    read = tuple(reader.read(entry) for entry in entries[:MAX_ENTRIES])
    return FeedDocument(
        kind={"rss": "rss", "rdf": "rdf", "feed": "atom"}.get(names.root, "rss"),
        title=_title(head.get("title", ())),
        link=site,
        language=_first_text(head, "language", "dc:language") or (root.get(_LANG) or ""),
        entries=read,
        next_page=absolute(links.get("next", ""), base),
        hub=absolute(links.get("hub", ""), base),
        own_url=absolute(links.get("self", ""), base),
        moved_to=absolute(_first_text(head, "itunes:new-feed-url"), base),
        every=every,
        skip_hours=hours,
        skip_days=days,
        doubtful=mended or reader.unread_dates,
    )


def _parts(root: etree._Element, names: Names) -> tuple[etree._Element, list[etree._Element], bool]:
    """The element that describes the feed, and its entries wherever the dialect keeps them; and whether
    one of them is elsewhere than right under the root or that element."""
    entries: list[etree._Element] = []
    channel, astray = None, False
    for element in root.iter("{*}item", "{*}entry", "{*}channel"):
        local = names[element.tag]
        if local in ENTRIES:
            entries.append(element)
            if (parent := element.getparent()) is not channel and parent is not root:
                astray = True
            if len(entries) >= MAX_ENTRIES:
                break
        elif local == "channel" and channel is None:
            channel = element
    if channel is None:
        channel = root
        kind = names.root
        if not entries and kind in ("html", "head", "body"):
            raise NotAFeed("feed_is_a_page")
        if not entries and kind not in ("feed", "rss", "rdf", "channel"):
            raise NotAFeed("feed_other_xml", kind[:40])
    return channel, entries, astray


class _EntryReader:
    """Entries of one document: its names, and what completes relative addresses.

    This is the hot loop of all listening to feeds: one pass over the children, the plain texts kept
    as strings, elements kept only where attributes or children matter. `based`: what holds the entries may
    say what completes relative addresses; each entry may as well.
    """

    def __init__(self, names: Names, *, base: str, site: str, based: bool) -> None:
        self._names = names
        self._base = site or base
        self._outer = base
        self._based = based
        self._typed = names.root == "feed"
        self._strings = frozenset() if self._typed else _STRINGS
        self._patience = 30
        self.unread_dates = False

    def read(self, entry: etree._Element) -> FeedEntry:
        """One entry, whatever its dialect."""
        texts: dict[str, str] = {}
        found: Found = {}
        names, strings = self._names, self._strings
        for child in entry:
            meaning = names[child.tag]
            if meaning in _TEXTS:
                if meaning not in texts and (text := child.text):
                    texts[meaning] = text
            elif meaning in strings and (text := child.text) and not text.isspace() and not len(child):
                if meaning not in texts:
                    texts[meaning] = text
            elif meaning in found:
                found[meaning].append(child)
            elif meaning and meaning not in _IGNORED:
                found[meaning] = [child]
        own = dict(entry.items()) or _NOTHING
        base = (_base(entry, self._outer) if self._based or _BASE in own else "") or self._base
        guid = (texts.get("guid") or texts.get("id") or "").strip()
        if not guid:
            guid = (own.get(_RDF_ABOUT) or texts.get("dc:identifier", "")).strip()
        hrefs = _links(found["link"]) if self._typed and "link" in found else _NOTHING
        if "title" in texts:
            title = one_line(texts["title"])
        else:
            title = _title(found["title"] if "title" in found else found.get("media:title", ()), self._typed)
        author, author_url = self._author(found["author"]) if "author" in found else ("", "")
        image = enclosure = kind = ""
        if names.rich or "enclosure" in hrefs:
            image, enclosure, kind = _media(found, names)
        url = self._address(entry, guid, texts, found, hrefs, base)
        published = self._date(texts, names.published) if names.published else None
        updated = self._date(texts, names.updated) if names.updated else None
        html, markup, full = self._content(texts, found)
        said = texts.get("slash:comments") or texts.get("thr:total")
        return FeedEntry(
            guid or url,
            url,
            title,
            author or self._creator(texts),
            absolute(author_url, base) if author_url else "",
            published,
            updated,
            html,
            markup,
            full,
            own.get(_LANG) or texts.get("dc:language", "").strip(),
            absolute(image, base) if image else "",
            absolute(enclosure, base) if enclosure else "",
            kind,
            _views(found) if names.rich else None,
            _count(said) if said else None,
            (found["thr:in-reply-to"][0].get("ref") or "") if "thr:in-reply-to" in found else "",
            _tags(found) if "category" in found or "dc:subject" in found else (),
        )

    def _address(
        self,
        entry: etree._Element,
        guid: str,
        texts: dict[str, str],
        found: Found,
        hrefs: Mapping[str, str],
        base: str,
    ) -> str:
        address = texts["feedburner:origLink"].strip() if "feedburner:origLink" in texts else ""
        if not address:
            address = hrefs.get("alternate") or hrefs.get("related") or hrefs.get("via") or ""
        if not address and "link" in texts:
            address = texts["link"].strip()
        elif not address and "link" in found:
            # RSS writes the address inside, Atom in an attribute; both occur in one entry.
            for link in found["link"]:
                if (text := link.text) and (text := text.strip()) and not link.get("href"):
                    address = text
                    break
            else:
                hrefs = _links(found["link"])
                address = hrefs.get("alternate") or hrefs.get("related") or hrefs.get("via") or ""
        if not address:
            whole = guid.startswith(("http://", "https://"))
            if "guid" not in texts:
                if whole:
                    address = guid
                elif "enclosure" in found:
                    address = found["enclosure"][0].get("url") or ""
            elif (whole or guid.startswith("/")) and _is_permalink(entry):
                address = guid
        return absolute(address, base)

    def _author(self, elements: list[etree._Element]) -> tuple[str, str]:
        """Name and page of who is named by elements of their own, as Atom does."""
        names = self._names
        for element in elements:
            name = address = ""
            for part in element:
                meaning, text = names[part.tag], (part.text or "").strip()
                if meaning == "name":
                    name = name or text
                elif meaning == "uri" or meaning == "url":
                    address = address or text
            if name or (name := _person((element.text or "").strip())):
                return one_line(name), address
        return "", ""

    def _creator(self, texts: dict[str, str]) -> str:
        for name in self._names.creators:
            if name in texts:
                return _person(texts[name].strip())
        return ""

    def _date(self, texts: dict[str, str], names: list[str]) -> datetime | None:
        for name in names:
            if name in texts:
                text = texts[name]
                if moment := usual_date(text):
                    return moment
                if text := text.strip():
                    if moment := parse_date(text, patient=self._patience > 0):
                        return moment
                    self._patience -= 1
                    self.unread_dates = True
        return None

    def _content(self, texts: dict[str, str], found: Found) -> tuple[str, bool, bool]:
        """What the entry says: markup or text, whether it is markup, whether it is the whole article."""
        names = self._names
        for name in names.bodies:
            if name in texts:
                return texts[name], True, name in WHOLE
            if name in found:
                for element in found[name]:
                    value, markup = _construct(element, self._typed)
                    if value and not value.isspace():
                        return value, markup, name in WHOLE
        if "media:group" not in found:
            return "", True, False
        for group in found["media:group"]:
            for element in group.iter("{*}description"):
                if element.text:
                    return element.text, False, True
        return "", True, False


def _is_permalink(entry: etree._Element) -> bool:
    return all(guid.get("isPermaLink", "").lower() != "false" for guid in entry.iterchildren("{*}guid"))


def _count(text: str) -> int | None:
    return int(text) if len(text) < 10 and (text := text.strip()).isdecimal() else None


def _construct(element: etree._Element, typed: bool = True) -> tuple[str, bool]:
    """An Atom text construct (`typed`) or an RSS string, and whether it is markup."""
    nested = len(element)
    if not (typed or nested):
        return element.text or "", True
    kind = element.get("type", "").lower()
    if nested:
        if kind == "xhtml" or not kind.startswith("text/plain"):
            inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
            return (element.text or "") + inner, True
        return "".join(element.itertext()), False
    text = element.text or ""
    if kind in ("text", "text/plain"):
        return text, "</" in text or "<br" in text
    return text, True


def _title(elements: Iterable[etree._Element], typed: bool = True) -> str:
    for element in elements:
        if not typed and not len(element) and is_plain(plain := (element.text or "").strip()) and plain:
            return plain  # nearly every title there is
        value, markup = _construct(element, typed)
        if value and not value.isspace():
            return one_line(value) if markup else " ".join(clean(value).split("\n")).strip()
    return ""


def _person(said: str) -> str:
    """A name out of `a@b.fr (Anne B.)`, `Anne B. <a@b.fr>` or a bare address; never the address itself."""
    if "@" not in said:
        return one_line(said)
    if said.endswith(")") and "(" in said:
        return one_line(said[said.index("(") + 1 : -1])
    name = said.partition("<")[0].strip(' "')
    if "@" in name or not name:
        name = (name or said).partition("@")[0].strip(" <\"'")
    return one_line(name)


def _media(found: Found, names: Names) -> tuple[str, str, str]:
    """The picture, and what else is enclosed with its MIME type."""
    image = enclosure = kind = ""
    links = [link for link in found.get("link", ()) if link.get("rel") == "enclosure"]
    links += found.get("enclosure", [])
    if found.keys() & PICTURED:
        holders = [found, *(names.children(group) for group in found.get("media:group", [])[:5])]
        for holder in holders:
            for thumbnail in holder.get("media:thumbnail", ()):
                image = image or thumbnail.get("url") or ""
            for media in holder.get("media:content", ()):
                mime = media.get("type") or media.get("medium") or "image"
                if mime.startswith("image"):
                    image = image or media.get("url") or ""
        if "itunes:image" in found:
            image = image or found["itunes:image"][0].get("href") or ""
    for element in links:
        address = element.get("url") or element.get("href") or ""
        mime = element.get("type") or ""
        if mime.startswith("image/"):
            image = image or address
        elif address and not enclosure:
            enclosure, kind = address, mime
    return image, enclosure, kind


def _tags(found: Found) -> tuple[str, ...]:
    """RSS writes a tag inside its element, Atom in an attribute."""
    tags: dict[str, None] = {}
    for name in ("category", "dc:subject"):
        for each in found.get(name, ()):
            if tag := one_line(each.text or each.get("label") or each.get("term") or ""):
                tags[tag] = None
    return tuple(tags)


def _views(found: Found) -> int | None:
    for holder in (*found.get("media:group", ()), *found.get("media:community", ())):
        for element in holder.iter("{*}statistics"):
            views = element.get("views") or ""
            if views.isdecimal() and len(views) < 16:
                return int(views)
    return None


def _links(elements: Iterable[etree._Element]) -> dict[str, str]:
    """Atom links by relation, the first of each; HTML preferred among alternates."""
    links: dict[str, str] = {}
    for element in elements:
        href = (element.get("href") or "").strip()
        if href:
            relation = element.get("rel") or "alternate"
            html = (element.get("type") or "text/html").startswith("text/html")
            if relation not in links or (relation == "alternate" and html and "html" not in links):
                links[relation] = href
                if relation == "alternate" and html:
                    links["html"] = href
    return links


def _first_text(found: Mapping[str, list[etree._Element]], *meanings: str) -> str:
    for meaning in meanings:
        if meaning in found:
            for element in found[meaning]:
                text: str | None = element.text
                if text and (text := text.strip()):
                    return text
    return ""


def _base(element: etree._Element, url: str) -> str:
    """The address relative ones start from, by the xml:base of the element and what holds it."""
    bases = [b for e in (element, *element.iterancestors()) if (b := e.get(_BASE))]
    for base in reversed(bases):
        url = joined(url, base)
    return url if bases else ""


def _rhythm(head: Found) -> tuple[float | None, frozenset[int], frozenset[int]]:
    """How often the publisher says to come: seconds between visits, hours and days of rest."""
    every: float | None = None
    ttl = _first_text(head, "ttl")
    if ttl.isdecimal() and 0 < len(ttl) < 7:
        every = int(ttl) * 60.0
    period = _PERIODS.get(_first_text(head, "sy:updatePeriod").lower())
    if period is not None:
        times = _first_text(head, "sy:updateFrequency")
        every = period / max(1, int(times)) if times.isdecimal() and len(times) < 6 else period
    hours = {
        int(t) % 24 for e in head.get("skipHours", ()) for h in e if (t := (h.text or "").strip()).isdecimal()
    }
    days = {
        _DAYS[t]
        for e in head.get("skipDays", ())
        for d in e
        if (t := (d.text or "").strip().lower()[:3]) in _DAYS
    }
    return every or None, frozenset(hours), frozenset(days)
