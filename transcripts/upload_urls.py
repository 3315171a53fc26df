"""Addresses of the upload page."""

from django.urls import path

from transcripts import upload_views as views

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("upload/rows/", views.rows, name="upload-rows"),
]
