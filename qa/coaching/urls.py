"""Addresses of the agent's side."""

from django.urls import path

from qa.coaching import views

urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<uuid:pk>/", views.feedback_review, name="feedback-review"),
    path("feedback/<uuid:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
