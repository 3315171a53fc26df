"""Addresses of scorecards in the API."""

from django.urls import path

from scorecards import api

urlpatterns = [
    path("scorecards/", api.ScorecardsView.as_view(), name="api-scorecards"),
    path("scorecards/<uuid:pk>/", api.ScorecardView.as_view(), name="api-scorecard"),
]
