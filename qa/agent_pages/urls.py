"""Addresses of what an agent reads."""

from django.urls import path

from qa.agent_pages import reply_views, views

urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<uuid:pk>/", views.feedback_review, name="feedback-review"),
    path("feedback/<uuid:pk>/replies/", reply_views.feedback_replies, name="feedback-replies"),
    path("feedback/<uuid:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
