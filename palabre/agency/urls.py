"""Addresses of the agency room."""

from django.urls import include, path

from palabre.agency.views import account, audit, brands, first_run, joining, team, teams

app_name = "agency"
_organisation = [
    path("team/", team.members, name="team"),
    path("team/invite/", team.invite_people, name="invite"),
    path("team/leave/", team.leave, name="leave"),
    path("team/<int:pk>/", team.member_edit, name="member"),
    path("team/<int:pk>/remove/", team.member_remove, name="member_remove"),
    path("team/<int:pk>/owner/", team.hand_over, name="hand_over"),
    path("team/invitations/<int:pk>/again/", team.invitation_again, name="invitation_again"),
    path("team/invitations/<int:pk>/revoke/", team.invitation_revoke, name="invitation_revoke"),
    path("teams/new/", teams.team_edit, name="team_new"),
    path("teams/<int:pk>/", teams.team_edit, name="team_edit"),
    path("teams/<int:pk>/delete/", teams.team_delete, name="team_delete"),
    path("brands/", brands.organisation_brands, name="brands"),
    path("audit/", audit.audit, name="audit"),
    path("audit.csv", audit.audit_csv, name="audit_csv"),
]
_brand = [
    path("", brands.brand_settings, name="brand_settings"),
    path("archive/", brands.brand_archive, name="brand_archive"),
    path("delete/", brands.brand_delete, name="brand_delete"),
]
urlpatterns = [
    path("start/", first_run.start_owner, name="start_owner"),
    path("brands/new/", first_run.brand_new, name="brand_new"),
    path("settings/", account.profile, name="profile"),
    path("settings/account/delete/", account.account_delete, name="account_delete"),
    path("organisations/<int:organisation>/", include(_organisation)),
    path("b/<slug:brand>/settings/", include(_brand)),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
]
