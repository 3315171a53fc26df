"""Addresses of the upload page."""

from django.urls import path

from qa.intake import views

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("upload/rows/", views.rows, name="upload-rows"),
    path("upload/results/", views.results, name="upload-results"),
    path("upload/agent/", views.name_agent, name="upload-agent"),
    path("upload/unsent/", views.unsent, name="upload-unsent"),
    path("upload/files/<uuid:pk>/", views.again, name="upload-again"),
    path("upload/files/<uuid:pk>/leave-out/", views.leave_out, name="upload-leave-out"),
    path("upload/files/<uuid:pk>/put-back/", views.put_back, name="upload-put-back"),
    path("upload/answers/<uuid:pk>/forget/", views.forget, name="answer-forget"),
]
