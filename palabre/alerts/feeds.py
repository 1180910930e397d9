"""The private feed of an alert: RSS, Atom and JSON Feed behind an unguessable address."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django_scopes import scope, scopes_disabled

from palabre.agency.access import for_anyone
from palabre.alerts.models import Event, Rule, Trigger
from palabre.alerts.wants import facts_from, fit_of, wants
from palabre.alerts.wording import line_of

LENGTH = 100
"""Events in a feed: readers come at least daily."""


@for_anyone
def rule_feed(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """The newest events a rule tells, whether or not they were sent by another way."""
    with scopes_disabled():
        rule = Rule.objects.select_related("brand").filter(feed_token=token).first()
    if rule is None:
        raise Http404
    with scope(brand=rule.brand), translation.override(rule.language):
        events = events_of(rule)
        response = _json(rule, events) if form == "json" else _xml(rule, events, form)
    response["Cache-Control"] = "private, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response


def events_of(rule: Rule) -> list[Event]:
    """What a rule tells, newest first; where that is more than fits, what its topics prefer is kept."""
    events = Event.objects.filter(trigger=rule.trigger)
    if rule.trigger == Trigger.THRESHOLD:
        # A threshold belongs to its own rule, and was counted through the rule's filter already.
        return list(events.filter(key__startswith=f"threshold:{rule.pk}:")[:LENGTH])
    if rule.topics:
        events = events.filter(topic__in=rule.topics)
    wanted = [event for event in events[: LENGTH * 5] if wants(rule.filter, facts_from(event.details))]
    kept = {event.pk for event in sorted(wanted, key=fit_of, reverse=True)[:LENGTH]}
    return [event for event in wanted if event.pk in kept]


def _xml(rule: Rule, events: list[Event], form: str) -> HttpResponse:
    kind = Atom1Feed if form == "atom" else Rss201rev2Feed
    here = settings.ENV.public_url + reverse("alerts:feed", args=[rule.feed_token, form])
    feed = kind(
        title=f"{rule.brand.name} · {rule.name}",
        link=settings.ENV.public_url,
        description=rule.name,
        language=rule.language,
        feed_url=here,
    )
    for event in events:
        feed.add_item(
            title=line_of(event).headline,
            link=event.url or settings.ENV.public_url,
            description=event.excerpt,
            pubdate=event.at,
            updateddate=event.raised_at,
            unique_id=f"urn:palabre:{rule.pk}:{event.key}",
            unique_id_is_permalink=False,
            author_name=event.details.get("author") or None,
            categories=[event.topic_name] if event.topic_name else (),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _json(rule: Rule, events: list[Event]) -> HttpResponse:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/, read 2026-11-23)."""
    here = settings.ENV.public_url + reverse("alerts:feed", args=[rule.feed_token, "json"])
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{rule.brand.name} · {rule.name}",
        "home_page_url": settings.ENV.public_url,
        "feed_url": here,
        "language": rule.language,
        "items": [
            {
                "id": f"urn:palabre:{rule.pk}:{event.key}",
                "url": event.url,
                "title": line_of(event).headline,
                "content_text": event.excerpt,
                "date_published": event.at.isoformat(),
                **({"authors": [{"name": event.details["author"]}]} if event.details.get("author") else {}),
                "tags": [event.topic_name] if event.topic_name else [],
            }
            for event in events
        ],
    }
    return HttpResponse(
        json.dumps(document, ensure_ascii=False), content_type="application/feed+json; charset=utf-8"
    )
