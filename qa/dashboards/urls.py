"""Addresses of the manager's dashboard, the moments behind its numbers, and agents' pages."""

from django.urls import path

from qa.dashboards import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("moments/", views.moments, name="moments"),
    path("gestures/", views.gestures, name="gestures"),
    path("agents/<uuid:pk>/", views.agent, name="agent"),
]
