"""Addresses of the alerts room."""

from django.urls import include, path, register_converter

from palabre.alerts import feeds, views


class FeedForm:
    """The three forms a feed has."""

    regex = "rss|atom|json"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(FeedForm, "feedform")

app_name = "alerts"
_pages = [
    path("", views.rules, name="rules"),
    path("new/", views.rule_edit, name="rule_new"),
    path("<int:pk>/", views.rule_edit, name="rule_edit"),
    path("<int:pk>/pause/", views.rule_pause, name="rule_pause"),
    path("<int:pk>/readdress/", views.rule_readdress, name="rule_readdress"),
    path("<int:pk>/delete/", views.rule_delete, name="rule_delete"),
    path("digests/<int:pk>/again/", views.digest_again, name="digest_again"),
]
urlpatterns = [
    path("b/<slug:brand>/alerts/", include(_pages)),
    path("alerts/leave/<str:token>/", views.unsubscribe_link, name="unsubscribe"),
    path("alerts/feed/<str:token>.<feedform:form>", feeds.rule_feed, name="feed"),
    path("settings/mail/", views.mail_server, name="mail_server"),
]
