"""Addresses of an organization's settings."""

from django.urls import path

from qa.organizations import (
    account_views,
    agent_views,
    invitation_views,
    login_views,
    member_views,
    own_views,
    recording_views,
    redaction_views,
    table_views,
    team_views,
    views,
)

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/organization/", own_views.organization, name="settings-organization"),
    path("settings/organization/delete/", own_views.delete, name="settings-organization-delete"),
    path("logo/", own_views.logo, name="logo"),
    path("account/", account_views.account, name="account"),
    path("settings/keys/", views.keys, name="settings-keys"),
    path("settings/keys/add/", views.add_key, name="settings-key-add"),
    path("settings/keys/<uuid:pk>/revoke/", views.revoke_key, name="settings-key-revoke"),
    path("leave/", member_views.leave, name="leave"),
    path("account/name/", login_views.name, name="account-name"),
    path("account/address/", login_views.address, name="account-address"),
    path("account/password/", login_views.password, name="account-password"),
    path("settings/members/", member_views.members, name="settings-members"),
    path("settings/members/invite/", invitation_views.invite, name="settings-invite"),
    path(
        "settings/members/invite/several/",
        invitation_views.invite_several,
        name="settings-invite-several",
    ),
    path("settings/members/<uuid:pk>/", member_views.member, name="settings-member"),
    path(
        "settings/members/<uuid:pk>/address/", member_views.address, name="settings-member-address"
    ),
    path(
        "settings/members/<uuid:pk>/deactivate/",
        member_views.deactivate,
        name="settings-member-deactivate",
    ),
    path(
        "settings/members/<uuid:pk>/reactivate/",
        member_views.reactivate,
        name="settings-member-reactivate",
    ),
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
    path("settings/agents/", agent_views.agents, name="settings-agents"),
    path("settings/agents/add/", agent_views.add, name="settings-agent-add"),
    path("settings/agents/twins/", agent_views.twins, name="settings-agent-twins"),
    path("settings/agents/import/", table_views.import_agents, name="settings-agents-import"),
    path("settings/agents/export/", table_views.export_agents, name="settings-agents-export"),
    path("settings/agents/<uuid:pk>/", agent_views.agent, name="settings-agent"),
    path("settings/agents/<uuid:pk>/active/", agent_views.active, name="settings-agent-active"),
    path("settings/agents/<uuid:pk>/merge/", agent_views.merge, name="settings-agent-merge"),
    path("settings/merges/<uuid:pk>/undo/", agent_views.undo_merge, name="settings-merge-undo"),
    path("settings/teams/", team_views.teams, name="settings-teams"),
    path("settings/teams/add/", team_views.add_team, name="settings-team-add"),
    path("settings/teams/import/", table_views.import_teams, name="settings-teams-import"),
    path("settings/teams/export/", table_views.export_teams, name="settings-teams-export"),
    path("settings/teams/<uuid:pk>/", team_views.team, name="settings-team"),
    path("settings/teams/<uuid:pk>/remove/", team_views.remove, name="settings-team-remove"),
    path("settings/domains/", views.domains, name="settings-domains"),
    path("settings/recordings/", recording_views.recordings, name="settings-recordings"),
    path("settings/redaction/", redaction_views.redaction, name="settings-redaction"),
    path("settings/redaction/try/", redaction_views.try_redaction, name="settings-redaction-try"),
]
