"""Addresses of the API, under /api/v1/."""

from django.urls import path

from qa.api import bulk, interactions, reviews, sampling, scorecards, speakers, uploads

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
    path("sampling-rules/", sampling.RulesView.as_view(), name="api-sampling-rules"),
    path(
        "sampling-rules/preview/",
        sampling.DraftPreviewView.as_view(),
        name="api-sampling-draft-preview",
    ),
    path("sampling-rules/<uuid:pk>/", sampling.RuleView.as_view(), name="api-sampling-rule"),
    path(
        "sampling-rules/<uuid:pk>/switch/",
        sampling.RuleSwitchView.as_view(),
        name="api-sampling-rule-switch",
    ),
    path(
        "sampling-rules/<uuid:pk>/preview/",
        sampling.RulePreviewView.as_view(),
        name="api-sampling-rule-preview",
    ),
    path("scorecards/", scorecards.ScorecardsView.as_view(), name="api-scorecards"),
    path("scorecards/<uuid:pk>/", scorecards.ScorecardView.as_view(), name="api-scorecard"),
]
