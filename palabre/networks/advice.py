"""Suggestions for a text and its network: rules and not guesses, each with the change it would make."""

from collections.abc import Mapping
from dataclasses import dataclass

from palabre.kit.language import Language
from palabre.networks.outgoing import Part
from palabre.networks.rules import LinkStyle, PostingRules
from palabre.networks.splitting import CannotSplit, split
from palabre.networks.text_length import clusters, links_in, measure, whole
from palabre.networks.twitter_text import hashtags, links


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One suggestion; `text`, `parts` and `comment` are what would stand after it, None: left as it is."""

    code: str
    params: Mapping[str, str | int | float]
    text: str | None = None
    parts: tuple[str, ...] | None = None
    comment: str | None = None

    def message(self, language: Language) -> str:
        """The sentence beside the field."""
        from palabre.networks.messages import sentence

        return sentence(self.code, self.params, language)


LONG_LINK = 40
"""A link longer than this is worth a short one, where each of its characters counts."""


def advice(part: Part, rules: PostingRules, *, first_comment: str = "") -> tuple[Advice, ...]:
    """What would help this text on this network, the most pressing first."""
    text = part.text
    length = measure(text, rules, with_media=bool(part.media))
    too_long = length.over is not None
    found: list[Advice] = []
    if too_long:
        found += _shorter(text, rules, bool(part.media))
    found += _link(text, rules, first_comment, too_long)
    found += _tags(text, rules)
    if rules.text_recommended is not None and not too_long and length.length > rules.text_recommended:
        found.append(
            Advice(code="text_folded", params={"limit": rules.text_recommended, "actual": length.length})
        )
    price, linked = rules.price("post"), rules.price("post_with_link")
    if price and linked and links_in(text, rules):
        params = {"price": f"{linked.amount:f}", "plain": f"{price.amount:f}", "currency": linked.currency}
        found.append(Advice(code="link_price", params=params))
    if rules.alt and any(not file.alt for file in part.media):
        found.append(Advice(code="alt_missing", params={"count": sum(not file.alt for file in part.media)}))
    return tuple(found)


def shortened(text: str, rules: PostingRules, *, with_media: bool = False) -> str:
    """The beginning of a text that fits, ended by "…"; nothing that must stay whole is cut."""
    if measure(text, rules, with_media=with_media).valid:
        return text
    spans, place, ends = whole(text), 0, [0]
    for cluster in clusters(text):
        place += len(cluster)
        if not any(start < place < end for start, end in spans):
            ends.append(place)
    low, high = 0, len(ends) - 1
    while low < high:  # a longer beginning is never lighter
        middle = (low + high + 1) // 2
        if measure(text[: ends[middle]].rstrip() + "…", rules, with_media=with_media).over is None:
            low = middle
        else:
            high = middle - 1
    words = [place for place in ends[: low + 1] if place == len(text) or text[place].isspace()]
    last = words[-1] if words and words[-1] >= ends[low] * 0.7 else ends[low]
    return text[:last].rstrip() + "…"


def _shorter(text: str, rules: PostingRules, with_media: bool) -> list[Advice]:
    found = []
    if rules.threads:
        try:
            parts = split(text, rules)
            found.append(Advice(code="split_thread", params={"count": len(parts)}, parts=parts))
        except CannotSplit:
            pass
    long = [link for link in links(text) if link.end - link.start > LONG_LINK]
    if long and rules.link_cost is None and links_in(text, rules):
        found.append(Advice(code="shorten_links", params={"count": len(long)}))
    cut = shortened(text, rules, with_media=with_media)
    found.append(Advice(code="shorten_text", params={"limit": rules.text_max or 0}, text=cut))
    return found


def _link(text: str, rules: PostingRules, first_comment: str, too_long: bool) -> list[Advice]:
    all_links = links(text)
    if not all_links:
        return []
    if rules.links is LinkStyle.NONE:
        return [Advice(code="link_dead", params={"count": len(all_links)})]
    if not rules.first_comment or first_comment or not (rules.links_discouraged or too_long):
        return []
    without, comment = link_moved(text)
    if not without:
        return []
    return [Advice(code="link_to_comment", params={}, text=without, comment=comment)]


def link_moved(text: str) -> tuple[str, str]:
    """The text without its links, and the links as a first comment, one a line."""
    kept, place, moved = [], 0, []
    for link in links(text):
        kept.append(text[place : link.start].rstrip(" "))
        moved.append(link.value)
        place = link.end
    kept.append(text[place:])
    return "".join(kept).strip().rstrip(":→>-–— \u00a0\u202f").rstrip(), "\n".join(moved)


def _tags(text: str, rules: PostingRules) -> list[Advice]:
    if not rules.hashtags or rules.hashtags_recommended is None:
        return []
    count = len(hashtags(text))
    params = {"limit": rules.hashtags_recommended, "actual": count}
    if count > rules.hashtags_recommended:
        return [Advice(code="hashtags_many", params=params)]
    if count == 0 and text.strip():
        return [Advice(code="hashtags_none", params=params)]
    return []
