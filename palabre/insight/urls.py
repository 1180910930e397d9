"""Addresses of the figures; all behind a brand."""

from django.urls import include, path

from palabre.insight import meaning, views

app_name = "insight"
_pages = [
    path("", views.listen, name="listen"),
    path("aside/", views.beside, name="aside"),
    path("themes/", meaning.themes, name="themes"),
    path("themes.csv", meaning.themes_csv, name="themes_csv"),
    path("like/<int:pk>/", meaning.similar, name="similar"),
    path("voices/", views.voices, name="voices"),
    path("filter/", views.narrowing, name="filter"),
]
urlpatterns = [path("b/<slug:brand>/listen/", include(_pages))]
