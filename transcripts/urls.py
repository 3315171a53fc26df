"""Addresses of the list of interactions, of each interaction, and of the upload page."""

from django.urls import include, path

urlpatterns = [
    path("", include("transcripts.upload_urls")),
]
