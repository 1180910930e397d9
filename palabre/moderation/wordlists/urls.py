"""Addresses of word lists, under those of moderation."""

from django.urls import path

from palabre.moderation.wordlists import views

urlpatterns = [
    path("", views.wordlists, name="wordlists"),
    path("new/", views.wordlist_edit, name="wordlist_new"),
    path("<int:pk>/", views.wordlist, name="wordlist"),
    path("<int:pk>/edit/", views.wordlist_edit, name="wordlist_edit"),
    path("<int:pk>/live/", views.wordlist_live, name="wordlist_live"),
    path("<int:pk>/act/", views.wordlist_act, name="wordlist_act"),
    path("<int:pk>/words.<slug:form>", views.wordlist_out, name="wordlist_out"),
]
