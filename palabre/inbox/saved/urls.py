"""Addresses of saved replies, within those of the inbox."""

from django.urls import path

from palabre.inbox.saved import views

pages = [
    path("saved/", views.listed, name="saved"),
    path("saved/new/", views.one, name="saved_new"),
    path("saved/export/", views.exported, name="saved_export"),
    path("saved/import/", views.imported, name="saved_import"),
    path("saved/<int:pk>/", views.one, name="saved_one"),
    path("saved/<int:pk>/drop/", views.let_go, name="saved_drop"),
    path("<int:pk>/saved/", views.for_conversation, name="saved_for"),
    path("<int:pk>/saved/<int:text>/", views.used, name="saved_used"),
]
