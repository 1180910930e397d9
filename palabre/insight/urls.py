"""Addresses of the figures; all behind a brand."""

from django.urls import include, path

from palabre.insight import views

app_name = "insight"
_pages = [
    path("", views.listen, name="listen"),
    path("aside/", views.beside, name="aside"),
    path("filter/", views.narrowing, name="filter"),
]
urlpatterns = [path("b/<slug:brand>/listen/", include(_pages))]
