"""Every address of Palabre, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("palabre.desk.urls")),
    path("", include("palabre.agency.urls")),
    path("", include("palabre.listening.urls")),
    path("", include("palabre.intake.urls")),
    path("", include("palabre.insight.urls")),
    path("", include("palabre.alerts.urls")),
    path("", include("palabre.channels.urls")),
    path("", include("palabre.publishing.urls")),
    path("", include("palabre.inbox.urls")),
    path("", include("palabre.moderation.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("palabre.ui.urls")),
]

handler404 = "palabre.ui.views.not_found"
handler403 = "palabre.ui.views.forbidden"
handler500 = "palabre.ui.views.server_error"
