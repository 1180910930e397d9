"""Addresses of rules, under those of moderation."""

from django.urls import path

from palabre.moderation.ruling import views

urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.rule_edit, name="rule_new"),
    path("<int:pk>/", views.rule, name="rule"),
    path("<int:pk>/edit/", views.rule_edit, name="rule_edit"),
    path("<int:pk>/live/", views.rule_live, name="rule_live"),
    path("<int:pk>/act/", views.rule_act, name="rule_act"),
]
