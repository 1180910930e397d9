"""Addresses of the channels; all behind a brand, but those the networks themselves come to."""

from django.urls import include, path

from palabre.channels import views

app_name = "channels"
_pages = [
    path("", views.channels, name="channels"),
    path("new/<slug:network>/<slug:kind>/", views.connect, name="connect"),
    path("by-hand/<slug:network>/", views.by_hand, name="by_hand"),
    path("<int:pk>/", views.channel, name="channel"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/remove/", views.remove_channel, name="remove"),
]
urlpatterns = [
    path("b/<slug:brand>/channels/", include(_pages)),
    path("oauth/<slug:network>/back/", views.back, name="back"),
    path("oauth/<slug:network>/client.json", views.client, name="client"),
]
