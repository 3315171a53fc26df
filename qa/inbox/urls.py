"""Addresses of notices."""

from django.urls import path

from qa.inbox import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/settings/", views.settings_page, name="notices-settings"),
    path("notices/<uuid:pk>/", views.open_notice, name="notice"),
]
