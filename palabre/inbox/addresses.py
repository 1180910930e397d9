"""Where the pages of the inbox lead back to: a conversation or the list, the reader's filter kept."""

from django.urls import reverse
from django.utils.http import urlencode

from palabre.agency.access import BrandRequest
from palabre.inbox.selectors import Wanted


def address_of(request: BrandRequest, pk: int | None, wanted: Wanted | None = None) -> str:
    """The page of a conversation, of the list without one; the filter is the request's unless given."""
    slug = request.brand.slug
    path = (
        reverse("inbox:conversation", args=[slug, pk]) if pk else reverse("inbox:conversations", args=[slug])
    )
    query = urlencode((wanted or Wanted.of(request.GET)).query())
    return f"{path}?{query}" if query else path


def chosen(request: BrandRequest) -> list[int]:
    """The rows that are ticked in a list; what is no number is not one."""
    return [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit() and len(pk) < 19][
        :1000
    ]
