"""Addresses of the list of interactions, of each interaction, and of the upload page."""

from django.urls import include, path

from transcripts import speakers_views, views

urlpatterns = [
    path("interactions/", views.interactions, name="interactions"),
    path("interactions/views/", views.keep_view, name="view-keep"),
    path("interactions/views/<uuid:pk>/remove/", views.remove_view, name="view-remove"),
    path("interactions/<uuid:pk>/", views.interaction, name="interaction"),
    path("interactions/<uuid:pk>/retry/", views.retry, name="interaction-retry"),
    path("interactions/<uuid:pk>/swap/", speakers_views.swap, name="interaction-swap"),
    path("interactions/<uuid:pk>/role/", speakers_views.change_role, name="interaction-role"),
    path("", include("transcripts.upload_urls")),
]
