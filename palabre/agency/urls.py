"""Addresses of the agency room."""

from django.urls import path

from palabre.agency import views

app_name = "agency"
urlpatterns = [
    path("start/", views.start_owner, name="start_owner"),
    path("brands/new/", views.brand_new, name="brand_new"),
    path("settings/", views.profile, name="profile"),
]
