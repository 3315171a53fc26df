"""Addresses of the API, under /api/v1/."""

from django.urls import path

from transcripts import api

urlpatterns = [
    path("interactions/", api.InteractionsView.as_view(), name="api-interactions"),
    path("interactions/<uuid:pk>/", api.InteractionView.as_view(), name="api-interaction"),
    path("uploads/", api.UploadsView.as_view(), name="api-uploads"),
    path("uploads/<uuid:pk>/", api.UploadView.as_view(), name="api-upload"),
]
