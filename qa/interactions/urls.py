"""Addresses of the list of interactions and of each interaction."""

from django.urls import path

from qa.interactions import (
    agent_views,
    all_agents_views,
    bulk_views,
    delete_views,
    speaker_views,
    views,
)

urlpatterns = [
    path("interactions/", views.interactions, name="interactions"),
    path("interactions/views/", views.keep_view, name="view-keep"),
    path("interactions/views/<uuid:pk>/remove/", views.remove_view, name="view-remove"),
    path("interactions/agent/", agent_views.name_agent, name="interactions-agent"),
    path("interactions/agent/all/", all_agents_views.name_agent, name="interactions-agent-all"),
    path("interactions/assign/", bulk_views.assign, name="interactions-assign"),
    path("interactions/delete/", bulk_views.delete, name="interactions-delete"),
    path("interactions/export/csv/", bulk_views.export_csv, name="interactions-csv"),
    path("interactions/export/xlsx/", bulk_views.export_xlsx, name="interactions-xlsx"),
    path("interactions/<uuid:pk>/", views.interaction, name="interaction"),
    path("interactions/<uuid:pk>/delete/", delete_views.delete, name="interaction-delete"),
    path("interactions/<uuid:pk>/preview/", views.preview, name="interaction-preview"),
    path("interactions/<uuid:pk>/retry/", views.retry, name="interaction-retry"),
    path("interactions/<uuid:pk>/swap/", speaker_views.swap, name="interaction-swap"),
    path("interactions/<uuid:pk>/role/", speaker_views.change_role, name="interaction-role"),
]
