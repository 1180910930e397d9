"""Addresses of the approval of answers, within those of the inbox."""

from django.urls import path

from palabre.inbox.approval import views

pages = [
    path("approvals/", views.queue, name="approvals"),
    path("approvals/who/", views.who, name="approvers"),
    path("approvals/<int:pk>/", views.decide, name="approve"),
]
