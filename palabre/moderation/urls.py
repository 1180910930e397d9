"""Addresses of moderation."""

from django.urls import URLPattern, URLResolver, include, path

from palabre.moderation import views

app_name = "moderation"
_pages: list[URLPattern | URLResolver] = [
    path("", views.queue, name="queue"),
    path("list/", views.listed, name="list"),
    path("ticked/", views.decide_ticked, name="ticked"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/decide/", views.decide_one, name="decide"),
    path("<int:pk>/picture/<int:place>/", views.picture, name="picture"),
    path("messages/<int:pk>/", views.acts, name="acts"),
    path("messages/<int:pk>/flag/", views.flag_one, name="flag"),
    path("messages/<int:pk>/decide/", views.decide_message, name="decide_message"),
    path("decisions/", views.decided, name="decisions"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("decisions/<int:pk>/tell/", views.tell, name="tell"),
    path("decisions/<int:pk>/appeal/", views.object_to, name="appeal"),
    path("decisions/<int:pk>/<slug:verb>/", views.step, name="step"),
    path("evidence/<int:pk>/", views.evidence_picture, name="evidence"),
    path("appeals/", views.appealed, name="appeals"),
    path("appeals/<int:pk>/", views.answer_appeal, name="answer_appeal"),
    path("charter/", views.charter, name="charter"),
    path("charter/usual/", views.take_usual, name="usual"),
    path("charter/write/", views.write_article, name="write"),
    path("charter/<int:pk>/repeal/", views.repeal_article, name="repeal"),
    path("charter/wording/<slug:language>/", views.set_wording, name="wording"),
    path("settings/", views.settings, name="settings"),
    path("settings/set/", views.set_settings, name="set_settings"),
    path("coverage/", views.coverage, name="coverage"),
    path("report/", views.transparency, name="report"),
    path("rules/", include("palabre.moderation.ruling.urls")),
    path("words/", include("palabre.moderation.wordlists.urls")),
]
urlpatterns = [path("b/<slug:brand>/moderation/", include(_pages))]
