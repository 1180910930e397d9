"""Addresses of the inbox."""

from django.urls import include, path

from palabre.inbox import views
from palabre.inbox.approval.urls import pages as approval
from palabre.inbox.gestures.urls import pages as gestures
from palabre.inbox.handling import views as handling
from palabre.inbox.labelling import views as labelling
from palabre.inbox.saved.urls import pages as saved

app_name = "inbox"
_pages = [
    path("", views.conversations, name="conversations"),
    path("live/", views.live, name="live"),
    path("list/", views.listed, name="list"),
    path("put/", views.put_many, name="put_many"),
    path("back/", views.back, name="back"),
    path("accounts/", views.accounts, name="accounts"),
    path("labels/", labelling.labels, name="labels"),
    path("labels/new/", labelling.label_new, name="label_new"),
    path("labels/<int:pk>/<slug:act>/", labelling.label_act, name="label_act"),
    path("label/", labelling.label_many, name="label_many"),
    path("<int:pk>/label/", labelling.label_one, name="label"),
    path("merge/", handling.merge, name="merge"),
    path("unmerge/", handling.unmerge, name="unmerge"),
    path("<int:pk>/apart/", handling.take_apart, name="take_apart"),
    path("<int:pk>/split/", handling.split, name="split"),
    path("<int:pk>/watch/", handling.watch, name="watch"),
    path("<int:pk>/", views.conversation, name="conversation"),
    path("<int:pk>/said/", views.said, name="said"),
    path("<int:pk>/thread/", views.thread, name="thread"),
    path("<int:pk>/put/", views.put_one, name="put"),
    path("<int:pk>/assign/", views.assign_one, name="assign"),
    path("<int:pk>/priority/", views.prioritise_one, name="priority"),
    path("<int:pk>/note/", views.note_one, name="note"),
    path("notes/<int:pk>/drop/", views.drop_one_note, name="drop_note"),
    path("<int:pk>/writing/", views.writing, name="writing"),
    path("<int:pk>/compose/", views.compose, name="compose"),
    path("<int:pk>/answer/", views.send, name="answer"),
    *saved,
    *approval,
    *gestures,
    path("replies/<int:pk>/<slug:act>/", views.reply, name="reply"),
]
urlpatterns = [path("b/<slug:brand>/answer/", include(_pages))]
