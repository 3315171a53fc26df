"""Addresses of the API, under /api/v1/."""

from django.urls import path

from qa.api import bulk, interactions, reviews, scorecards, speakers, uploads

urlpatterns = [
    path("interactions/", interactions.InteractionsView.as_view(), name="api-interactions"),
    path("interactions/bulk/", bulk.BulkView.as_view(), name="api-interactions-bulk"),
    path("interactions/<uuid:pk>/", interactions.InteractionView.as_view(), name="api-interaction"),
    path(
        "interactions/<uuid:pk>/swap-speakers/",
        speakers.SwapSpeakersView.as_view(),
        name="api-interaction-swap-speakers",
    ),
    path(
        "interactions/<uuid:pk>/roles/",
        speakers.RolesView.as_view(),
        name="api-interaction-roles",
    ),
    path("uploads/", uploads.UploadsView.as_view(), name="api-uploads"),
    path("uploads/<uuid:pk>/", uploads.UploadView.as_view(), name="api-upload"),
    path("reviews/", reviews.ReviewsView.as_view(), name="api-reviews"),
    path("reviews/<uuid:pk>/", reviews.ReviewView.as_view(), name="api-review"),
    path("scorecards/", scorecards.ScorecardsView.as_view(), name="api-scorecards"),
    path("scorecards/<uuid:pk>/", scorecards.ScorecardView.as_view(), name="api-scorecard"),
]
