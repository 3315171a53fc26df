"""Addresses of the list of interactions, of each interaction, and of the upload page."""

from django.urls import include, path

from transcripts import views

urlpatterns = [
    path("interactions/", views.interactions, name="interactions"),
    path("interactions/<uuid:pk>/", views.interaction, name="interaction"),
    path("interactions/<uuid:pk>/retry/", views.retry, name="interaction-retry"),
    path("", include("transcripts.upload_urls")),
]
