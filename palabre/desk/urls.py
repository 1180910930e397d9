"""Addresses of the desk."""

from django.urls import path

from palabre.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("b/<slug:brand>/seen/<int:pk>/", views.seen, name="seen"),
    path("health/", views.health, name="health"),
]
