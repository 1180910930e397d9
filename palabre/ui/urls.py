"""Addresses of the shell itself."""

from django.conf import settings
from django.urls import path

from palabre.ui import views

app_name = "ui"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("language", views.language, name="language"),
    path("rooms/<slug:key>", views.room, name="room"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
if settings.DEBUG:
    from palabre.ui import guide

    urlpatterns.append(path("ui/", guide.page, name="guide"))
