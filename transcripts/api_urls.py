"""Addresses of the API, under /api/v1/."""

from django.urls import path

from transcripts import api, bulk_api, speakers_api

urlpatterns = [
    path("interactions/", api.InteractionsView.as_view(), name="api-interactions"),
    path("interactions/bulk/", bulk_api.BulkView.as_view(), name="api-interactions-bulk"),
    path("interactions/<uuid:pk>/", api.InteractionView.as_view(), name="api-interaction"),
    path(
        "interactions/<uuid:pk>/swap-speakers/",
        speakers_api.SwapSpeakersView.as_view(),
        name="api-interaction-swap-speakers",
    ),
    path(
        "interactions/<uuid:pk>/roles/",
        speakers_api.RolesView.as_view(),
        name="api-interaction-roles",
    ),
    path("uploads/", api.UploadsView.as_view(), name="api-uploads"),
    path("uploads/<uuid:pk>/", api.UploadView.as_view(), name="api-upload"),
]
