"""Addresses of the way in; all behind a brand."""

from django.urls import include, path

from palabre.intake import views

app_name = "intake"
_pages = [
    path("start/", views.start, name="start"),
    path("preview/", views.preview_hits, name="preview"),
    path("sources/find/", views.source_find, name="source_find"),
    path("sources/add/", views.source_add, name="source_add"),
    path("alerts/import/", views.alerts_import, name="alerts_import"),
    path("paste/", views.paste_item, name="paste"),
]
urlpatterns = [path("b/<slug:brand>/listen/", include(_pages))]
