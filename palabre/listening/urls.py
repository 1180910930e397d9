"""Addresses of the listening room; all behind a brand."""

from django.urls import include, path

from palabre.listening.views import mentions, rules, sources, tags, topics

app_name = "listening"
_pages = [
    path("act/", mentions.act, name="act"),
    path("undo/", mentions.take_back, name="undo"),
    path("views/save/", mentions.view_save, name="view_save"),
    path("views/<int:pk>/delete/", mentions.view_delete, name="view_delete"),
    path("mentions.<str:form>", mentions.export, name="export"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.rule_edit, name="rule_new"),
    path("rules/<int:pk>/", rules.rule_edit, name="rule_edit"),
    path("rules/<int:pk>/move/", rules.rule_move, name="rule_move"),
    path("tags/", tags.tags, name="tags"),
    path("tags/<int:pk>/rename/", tags.tag_rename, name="tag_rename"),
    path("tags/<int:pk>/delete/", tags.tag_delete, name="tag_delete"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.topic_edit, name="topic_new"),
    path("topics/check/", topics.topic_check, name="topic_check"),
    path("topics/<int:pk>/", topics.topic_edit, name="topic_edit"),
    path("topics/<int:pk>/pause/", topics.topic_pause, name="topic_pause"),
    path("topics/<int:pk>/delete/", topics.topic_delete, name="topic_delete"),
    path("topics/<int:pk>/restore/", topics.topic_restore, name="topic_restore"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/<slug:network>/<slug:kind>/", sources.source_new, name="source_new"),
    path("sources/<int:pk>/", sources.source_edit, name="source_edit"),
    path("sources/<int:pk>/toggle/", sources.source_toggle, name="source_toggle"),
    path("sources/<int:pk>/look/", sources.source_look, name="source_look"),
    path("sources/<int:pk>/remove/", sources.source_remove, name="source_remove"),
    path("sources/opml/import/", sources.opml_import, name="opml_import"),
    path("sources/opml/", sources.opml_export, name="opml_export"),
]
urlpatterns = [path("b/<slug:brand>/listen/", include(_pages))]
