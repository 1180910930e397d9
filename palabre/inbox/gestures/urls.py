"""Addresses of gestures and of what becomes of a sent answer, within those of the inbox."""

from django.urls import path

from palabre.inbox.gestures import views

pages = [
    path("messages/<int:pk>/<slug:act>/", views.gesture, name="gesture"),
    path("sent/<int:pk>/", views.sent, name="sent"),
    path("sent/<int:pk>/delete/", views.take_back_sent, name="sent_delete"),
]
