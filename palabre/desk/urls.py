"""Addresses of the desk."""

from django.urls import include, path

from palabre.desk import privacy, views, zone

app_name = "desk"
_privacy = [
    path("", privacy.privacy, name="privacy"),
    path("keep/", privacy.keep, name="privacy_keep"),
    path("person/", privacy.person_search, name="person_search"),
    path("person/<int:pk>/", privacy.person, name="person"),
    path("person/<int:pk>/copy.json", privacy.person_copy, name="person_copy"),
]
urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("b/<slug:brand>/seen/<int:pk>/", views.seen, name="seen"),
    path("health/", views.health, name="health"),
    path("b/<slug:brand>/privacy/", include(_privacy)),
    path("b/<slug:brand>/zone/", zone.zone, name="zone"),
]
