"""Addresses of reviews in the API."""

from django.urls import path

from qa.coaching import api

urlpatterns = [
    path("reviews/", api.ReviewsView.as_view(), name="api-reviews"),
    path("reviews/<uuid:pk>/", api.ReviewView.as_view(), name="api-review"),
]
