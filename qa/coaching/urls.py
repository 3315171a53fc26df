"""Addresses of the agent's side, and of what is set for it."""

from django.urls import path

from qa.coaching import automatic_views, views

urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/automatic/", automatic_views.automatic, name="automatic"),
    path("feedback/automatic/<uuid:pk>/", automatic_views.automatic_one, name="automatic-one"),
    path(
        "feedback/automatic/<uuid:pk>/acknowledge/",
        automatic_views.acknowledge_automatic,
        name="automatic-acknowledge",
    ),
    path("feedback/<uuid:pk>/", views.feedback_review, name="feedback-review"),
    path("feedback/<uuid:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("settings/feedback/", automatic_views.feedback_policy, name="settings-feedback"),
]
