"""Every URL is walked as owner, colleague, stranger and anonymous: closed by default."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from palabre.agency.models import Grant
from palabre.agency.people import create_brand
from palabre.agency.roles import RIGHTS, Right, Role
from tests.builders import build_cast, build_user

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
OF_AN_ORGANISATION = [(route, entry) for route, entry in ALL if "<int:organisation>" in route]


@pytest.mark.parametrize(("route", "entry"), ALL, ids=[route for route, _ in ALL])
def test_every_view_names_its_right_or_says_it_is_open(route: str, entry: URLPattern) -> None:
    assert hasattr(entry.callback, "right"), f"{route}: decorate it with for_brand, for_members or for_anyone"
    if "<slug:brand>" in route:
        assert isinstance(entry.callback.right, Right)


def path_of(route: str, brand: str, organisation: int = 0) -> str:
    filled = route.replace("<slug:brand>", brand).replace("<int:organisation>", str(organisation))
    for converter in ("int", "slug", "str", "feedform"):
        while f"<{converter}:" in filled:
            before, rest = filled.split(f"<{converter}:", 1)
            filled = (
                before
                + {"int": "999999", "feedform": "rss"}.get(converter, "nothing")
                + rest.split(">", 1)[1]
            )
    return "/" + filled


WALKED = OF_A_BRAND + OF_AN_ORGANISATION


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "entry"), WALKED, ids=[route for route, _ in WALKED])
def test_strangers_learn_nothing_and_colleagues_keep_to_their_rights(route: str, entry: URLPattern) -> None:
    cast = build_cast()
    path = path_of(route, cast.brand.slug, cast.brand.organisation_id)

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
    if entry.callback.right is None or entry.callback.right in RIGHTS[Role.READER]:
        assert answer != 403
    else:
        assert answer == 403
        assert colleague.post(path).status_code == 403

    owner = Client()
    owner.force_login(cast.owner)
    assert owner.get(path).status_code in (200, 302, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "entry"), WALKED, ids=[route for route, _ in WALKED])
def test_a_guest_of_one_brand_learns_nothing_of_the_next_nor_of_the_team(
    route: str, entry: URLPattern
) -> None:
    cast = build_cast()
    home = cast.brand.organisation
    guest = build_user("cliente@boulange.example", home, Role.GUEST)
    shown = create_brand(organisation=home, by=cast.owner, name="Boulange")
    Grant.objects.create(member=guest.memberships.get(), brand=shown, role=Role.READER)
    client = Client()
    client.force_login(guest)
    hidden = client.get(path_of(route, cast.brand.slug, home.pk)).status_code
    if "<int:organisation>" in route:
        assert hidden == (403 if entry.callback.right else 200)
        return
    assert hidden == 404
    answer = client.get(path_of(route, shown.slug)).status_code
    assert (answer == 403) == (entry.callback.right not in RIGHTS[Role.READER])
