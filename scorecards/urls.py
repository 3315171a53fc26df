"""Addresses of the definitions and of the scorecards."""

from django.urls import path

from scorecards import card_views, views

urlpatterns = [
    path("definitions/", views.definitions, name="definitions"),
    path("help/guide/", views.definitions, name="help-guide"),
    path("scorecards/", card_views.scorecards, name="scorecards"),
    path("scorecards/add/", card_views.add, name="scorecard-add"),
    path("scorecards/versions/<uuid:pk>/", card_views.version, name="scorecard-version"),
    path("scorecards/<uuid:pk>/", card_views.scorecard, name="scorecard"),
    path("scorecards/<uuid:pk>/edit/", card_views.edit, name="scorecard-edit"),
    path("scorecards/<uuid:pk>/draft/", card_views.save, name="scorecard-save"),
    path("scorecards/<uuid:pk>/preview/", card_views.preview, name="scorecard-preview"),
    path("scorecards/<uuid:pk>/publish/", card_views.publish, name="scorecard-publish"),
    path("scorecards/<uuid:pk>/discard/", card_views.discard, name="scorecard-discard"),
    path("scorecards/<uuid:pk>/duplicate/", card_views.duplicate, name="scorecard-duplicate"),
    path("scorecards/<uuid:pk>/use/", card_views.use, name="scorecard-use"),
    path("scorecards/<uuid:pk>/archive/", card_views.archive, name="scorecard-archive"),
    path("scorecards/<uuid:pk>/restore/", card_views.restore, name="scorecard-restore"),
]
