"""Addresses of disputes."""

from django.urls import path

from qa.disputes import objection_views, views

urlpatterns = [
    path("disputes/", views.disputes, name="disputes"),
    path("disputes/<uuid:pk>/", views.dispute, name="dispute"),
    path("disputes/<uuid:pk>/withdraw/", views.withdraw, name="dispute-withdraw"),
    path("disputes/<uuid:pk>/decide/", views.decide, name="dispute-decide"),
    path("disputes/<uuid:pk>/read/", views.read_decision, name="dispute-read"),
    path("acknowledgements/", views.who_has_read, name="acknowledgements"),
    path("feedback/<uuid:pk>/dispute/", views.open_dispute, name="dispute-open"),
    path("feedback/<uuid:pk>/disputes/", objection_views.open_several, name="dispute-several"),
]
