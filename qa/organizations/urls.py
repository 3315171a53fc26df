"""Addresses of an organization's settings."""

from django.urls import path

from qa.organizations import invitation_views, member_views, redaction_views, views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/keys/", views.keys, name="settings-keys"),
    path("settings/keys/add/", views.add_key, name="settings-key-add"),
    path("settings/keys/<uuid:pk>/revoke/", views.revoke_key, name="settings-key-revoke"),
    path("leave/", member_views.leave, name="leave"),
    path("settings/members/", member_views.members, name="settings-members"),
    path("settings/members/invite/", invitation_views.invite, name="settings-invite"),
    path("settings/members/<uuid:pk>/", member_views.member, name="settings-member"),
    path("settings/members/<uuid:pk>/remove/", member_views.remove, name="settings-member-remove"),
    path(
        "settings/invitations/<uuid:pk>/again/",
        invitation_views.send_again,
        name="settings-invitation-again",
    ),
    path(
        "settings/invitations/<uuid:pk>/withdraw/",
        invitation_views.withdraw,
        name="settings-invitation-withdraw",
    ),
    path("settings/agents/", views.agents, name="settings-agents"),
    path("settings/agents/<uuid:pk>/", views.agent, name="settings-agent"),
    path("settings/teams/", views.teams, name="settings-teams"),
    path("settings/teams/add/", views.add_team, name="settings-team-add"),
    path("settings/teams/<uuid:pk>/", views.team, name="settings-team"),
    path("settings/domains/", views.domains, name="settings-domains"),
    path("settings/redaction/", redaction_views.redaction, name="settings-redaction"),
    path("settings/redaction/try/", redaction_views.try_redaction, name="settings-redaction-try"),
    path("settings/audit/", views.audit, name="settings-audit"),
    path("settings/audit/check/", views.check_audit, name="settings-audit-check"),
]
