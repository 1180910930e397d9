"""Addresses of moderation."""

from django.urls import include, path

from palabre.moderation import views

app_name = "moderation"
_pages = [
    path("", views.queue, name="queue"),
]
urlpatterns = [path("b/<slug:brand>/moderation/", include(_pages))]
