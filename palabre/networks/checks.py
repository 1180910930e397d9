"""What a network would refuse of a content, said at each field before anything is sent: rules alone, pure."""

from collections import Counter
from collections.abc import Iterator

from palabre.networks.errors import Problem
from palabre.networks.outgoing import Media, Outgoing, Part
from palabre.networks.rules import MediaKind, MediaRules, PostingRules
from palabre.networks.text_length import Length, clusters, links_in, measure
from palabre.networks.twitter_text import hashtags, mentions


def problems(outgoing: Outgoing, rules: PostingRules) -> tuple[Problem, ...]:
    """Every reason, in the order of the fields; none when the rules say yes."""
    return tuple(_problems(outgoing, rules))


def _problems(outgoing: Outgoing, rules: PostingRules) -> Iterator[Problem]:
    if len(outgoing.parts) > 1 and not rules.threads:
        yield Problem(field="parts", code="no_threads", actual=len(outgoing.parts))
    yield from _article(outgoing, rules)
    for place, part in enumerate(outgoing.parts):
        yield from _part(part, rules, place, outgoing)
    if outgoing.first_comment:
        yield from _comment(outgoing.first_comment, rules)
    if outgoing.warning and not rules.warning:
        yield Problem(field="warning", code="no_warning")
    if outgoing.visibility not in rules.visibilities:
        yield Problem(field="visibility", code="no_such_visibility", detail=outgoing.visibility)
    if outgoing.reply_to is not None and not rules.reply:
        yield Problem(field="reply_to", code="no_replies")
    if outgoing.publish_at is not None and not rules.schedules:
        yield Problem(field="publish_at", code="no_schedule")


def _article(outgoing: Outgoing, rules: PostingRules) -> Iterator[Problem]:
    title = outgoing.article.title.strip() if outgoing.article else ""
    if rules.title_required and not title:
        yield Problem(field="title", code="title_missing")
    elif title and rules.title_max is not None and len(title) > rules.title_max:
        yield Problem(field="title", code="title_long", limit=rules.title_max, actual=len(title))
    elif title and len(title) < rules.title_min:
        yield Problem(field="title", code="title_short", limit=rules.title_min, actual=len(title))
    excerpt = len(outgoing.article.excerpt) if outgoing.article else 0
    if rules.excerpt_max is not None and excerpt > rules.excerpt_max:
        yield Problem(field="excerpt", code="excerpt_long", limit=rules.excerpt_max, actual=excerpt)


def _part(part: Part, rules: PostingRules, place: int, outgoing: Outgoing) -> Iterator[Problem]:
    article = outgoing.article
    body = part.text if part.text.strip() or article is None else article.html
    if not body.strip() and (rules.text_required or not (part.media or rules.title_required)):
        yield Problem(field="text", code="text_missing", part=place)
    elif body.strip():
        yield from _text(body, rules, part=place, with_media=bool(part.media), warning=outgoing.warning)
    if rules.media_required and not part.media:
        yield Problem(field="media", code="media_missing", part=place)
    yield from _media(part.media, rules, place)


def _text(text: str, rules: PostingRules, *, part: int, with_media: bool, warning: str) -> Iterator[Problem]:
    # A warning is counted together with the text by the networks that have one.
    length = measure(warning + text if rules.warning else text, rules, with_media=with_media)
    yield from _length(length, rules, part)
    tags = hashtags(text)
    if rules.hashtags_max is not None and len(tags) > rules.hashtags_max:
        yield Problem(
            field="text", code="hashtags_over", limit=rules.hashtags_max, actual=len(tags), part=part
        )
    for tag in tags:
        size = len(clusters(tag.value))
        if rules.hashtag_max is not None and size > rules.hashtag_max:
            yield Problem(
                field="text",
                code="hashtag_long",
                limit=rules.hashtag_max,
                actual=size,
                part=part,
                detail=f"#{tag.value}",
            )
    named = len(mentions(text))
    if rules.mentions_max is not None and named > rules.mentions_max:
        yield Problem(field="text", code="mentions_over", limit=rules.mentions_max, actual=named, part=part)
    linked = len(links_in(text, rules))
    if rules.links_max is not None and linked > rules.links_max:
        yield Problem(field="text", code="links_over", limit=rules.links_max, actual=linked, part=part)


def _length(length: Length, rules: PostingRules, part: int) -> Iterator[Problem]:
    if length.limit is not None and length.length > length.limit:
        yield Problem(field="text", code="text_long", limit=length.limit, actual=length.length, part=part)
    elif (
        length.octets is not None and length.octets_limit is not None and length.octets > length.octets_limit
    ):
        yield Problem(
            field="text", code="text_heavy", limit=length.octets_limit, actual=length.octets, part=part
        )
    elif length.length < rules.text_min:
        yield Problem(field="text", code="text_short", limit=rules.text_min, actual=length.length, part=part)
    elif not length.valid:
        yield Problem(field="text", code="text_odd", part=part)


def _comment(text: str, rules: PostingRules) -> Iterator[Problem]:
    if not rules.first_comment:
        yield Problem(field="first_comment", code="no_first_comment")
        return
    length = measure(text, rules)
    limit = rules.comment_max if rules.comment_max is not None else length.limit
    if limit is not None and length.length > limit:
        yield Problem(field="first_comment", code="text_long", limit=limit, actual=length.length)


# Files.


def _media(files: tuple[Media, ...], rules: PostingRules, part: int) -> Iterator[Problem]:
    if rules.media_max is not None and len(files) > rules.media_max:
        yield Problem(field="media", code="media_over", limit=rules.media_max, actual=len(files), part=part)
    kinds = Counter(file.kind for file in files)
    if not rules.media_mixed and len(kinds) > 1:
        yield Problem(field="media", code="media_mixed", part=part)
    for kind, count in kinds.items():
        limits = rules.media.get(kind)
        if limits is not None and count > limits.most and kind is not MediaKind.IMAGE:
            yield Problem(
                field="media", code="kind_over", limit=limits.most, actual=count, part=part, detail=kind
            )
    for place, file in enumerate(files):
        limits = rules.media.get(file.kind)
        if limits is None:
            yield Problem(field="media", code="kind_refused", part=part, place=place, detail=file.kind)
            continue
        yield from _file(file, limits, part, place)
        alt = len(clusters(file.alt))
        if rules.alt_max is not None and alt > rules.alt_max:
            yield Problem(
                field="alt", code="alt_long", limit=rules.alt_max, actual=alt, part=part, place=place
            )


def _file(file: Media, limits: MediaRules, part: int, place: int) -> Iterator[Problem]:
    def problem(code: str, limit: float | None, actual: float | None, detail: str = "") -> Problem:
        return Problem(
            field="media", code=code, limit=limit, actual=actual, part=part, place=place, detail=detail
        )

    if not limits.takes(file.mime):
        yield problem("type_refused", None, None, file.mime)
    if limits.max_bytes is not None and file.size > limits.max_bytes:
        yield problem("file_heavy", round(limits.max_bytes / 1e6, 2), round(file.size / 1e6, 2))
    width, height = file.width, file.height
    if width and height:
        if limits.pixels is not None and width * height > limits.pixels:
            yield problem("pixels_over", limits.pixels, width * height)
        least, most = limits.sides
        if least is not None and min(width, height) < least:
            yield problem("side_under", least, min(width, height))
        if most is not None and max(width, height) > most:
            yield problem("side_over", most, max(width, height))
        narrow, wide = limits.ratios
        ratio = width / height
        # A pixel more or less is no other shape.
        if narrow is not None and ratio < narrow * 0.99:
            yield problem("ratio_under", round(narrow, 2), round(ratio, 2))
        if wide is not None and ratio > wide * 1.01:
            yield problem("ratio_over", round(wide, 2), round(ratio, 2))
    if file.seconds is not None:
        shortest, longest = limits.seconds
        if shortest is not None and file.seconds < shortest:
            yield problem("seconds_under", shortest, round(file.seconds, 1))
        if longest is not None and file.seconds > longest:
            yield problem("seconds_over", longest, round(file.seconds, 1))
