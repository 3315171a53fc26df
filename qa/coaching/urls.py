"""Addresses of pre-scores that are shared before any review, and of the policy of feedback."""

from django.urls import path

from qa.coaching import automatic_views

urlpatterns = [
    path("feedback/automatic/", automatic_views.automatic, name="automatic"),
    path("feedback/automatic/<uuid:pk>/", automatic_views.automatic_one, name="automatic-one"),
    path(
        "feedback/automatic/<uuid:pk>/acknowledge/",
        automatic_views.acknowledge_automatic,
        name="automatic-acknowledge",
    ),
    path("settings/feedback/", automatic_views.feedback_policy, name="settings-feedback"),
]
