"""Addresses of the manager's dashboard, the moments behind its numbers, and agents' pages."""

from django.urls import path

from qa.dashboards import insight_views, people_views, sheet_views, views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("moments/", views.moments, name="moments"),
    path("gestures/", views.gestures, name="gestures"),
    path("agents/<uuid:pk>/", views.agent, name="agent"),
    path("agents/", people_views.agents, name="agents"),
    path("teams/<uuid:pk>/", people_views.team, name="team"),
    path("scores/", insight_views.scores, name="scores"),
    path("scores/reviews/", insight_views.score_reviews, name="score-reviews"),
    path("ledger/", insight_views.ledger, name="ledger"),
    path("reviewers/", people_views.reviewers, name="reviewers"),
    path("reviewers/target/", people_views.coverage_target, name="coverage-target"),
    path("reviewers/reviews/", people_views.submitted_reviews, name="submitted-reviews"),
    path("tables/<slug:sheet>.<slug:kind>", sheet_views.sheet, name="sheet"),
]
