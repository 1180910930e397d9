"""Every URL is walked as owner, colleague, stranger and anonymous: closed by default."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from palabre.agency.roles import RIGHTS, Right, Role
from tests.builders import build_cast

# Doors that other libraries keep, by their prefix; allauth redirects the anonymous by itself.
KEPT_BY_OTHERS = ("accounts/",)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif not route.startswith(KEPT_BY_OTHERS):
            yield route, entry


ALL = list(patterns(get_resolver()))
OF_A_BRAND = [(route, entry) for route, entry in ALL if "<slug:brand>" in route]


@pytest.mark.parametrize(("route", "entry"), ALL, ids=[route for route, _ in ALL])
def test_every_view_names_its_right_or_says_it_is_open(route: str, entry: URLPattern) -> None:
    assert hasattr(entry.callback, "right"), f"{route}: decorate it with for_brand, for_members or for_anyone"
    if "<slug:brand>" in route:
        assert isinstance(entry.callback.right, Right)


def path_of(route: str, brand: str) -> str:
    filled = route.replace("<slug:brand>", brand)
    for converter in ("int", "slug", "str", "feedform"):
        while f"<{converter}:" in filled:
            before, rest = filled.split(f"<{converter}:", 1)
            filled = (
                before
                + {"int": "999999", "feedform": "rss"}.get(converter, "nothing")
                + rest.split(">", 1)[1]
            )
    return "/" + filled


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "entry"), OF_A_BRAND, ids=[route for route, _ in OF_A_BRAND])
def test_strangers_learn_nothing_and_colleagues_keep_to_their_rights(route: str, entry: URLPattern) -> None:
    cast = build_cast()
    path = path_of(route, cast.brand.slug)

    anonymous = Client().get(path)
    assert anonymous.status_code == 302
    assert "/accounts/login/" in anonymous["Location"]

    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.get(path).status_code == 404
    assert stranger.post(path).status_code == 404

    colleague = Client()
    colleague.force_login(cast.colleague)
    answer = colleague.get(path).status_code
    if entry.callback.right in RIGHTS[Role.READER]:
        assert answer != 403
    else:
        assert answer == 403
        assert colleague.post(path).status_code == 403

    owner = Client()
    owner.force_login(cast.owner)
    assert owner.get(path).status_code in (200, 302, 404, 405)
