"""Home: what needs me now, across the brands I work for."""

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from palabre.agency.access import brands_of, for_anyone
from palabre.agency.people import has_owner
from palabre.desk.selectors import today_of


@for_anyone
def today(request: HttpRequest) -> HttpResponse:
    """The first page: the first run while nobody owns the place, else what waits for the reader."""
    if not request.user.is_authenticated:
        return redirect_to_login("/") if has_owner() else redirect("agency:start_owner")
    if not brands_of(request.user):
        return redirect("agency:brand_new")
    return render(request, "desk/today.html", today_of(request.user))


@for_anyone
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
