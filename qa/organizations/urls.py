"""Addresses of an organization's settings."""

from django.urls import path

from qa.organizations import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/keys/", views.keys, name="settings-keys"),
    path("settings/keys/add/", views.add_key, name="settings-key-add"),
    path("settings/keys/<uuid:pk>/revoke/", views.revoke_key, name="settings-key-revoke"),
    path("settings/members/", views.members, name="settings-members"),
    path("settings/members/add/", views.add_member, name="settings-member-add"),
    path("settings/members/<uuid:pk>/", views.member, name="settings-member"),
    path("settings/members/<uuid:pk>/link/", views.member_link, name="settings-member-link"),
    path("settings/agents/", views.agents, name="settings-agents"),
    path("settings/agents/<uuid:pk>/", views.agent, name="settings-agent"),
    path("settings/teams/", views.teams, name="settings-teams"),
    path("settings/teams/add/", views.add_team, name="settings-team-add"),
    path("settings/teams/<uuid:pk>/", views.team, name="settings-team"),
    path("settings/domains/", views.domains, name="settings-domains"),
    path("settings/redaction/", views.redaction, name="settings-redaction"),
    path("settings/audit/", views.audit, name="settings-audit"),
    path("settings/audit/check/", views.check_audit, name="settings-audit-check"),
]
