"""Addresses of calibration."""

from django.urls import path

from qa.calibration import item_views, views

urlpatterns = [
    path("calibration/", views.sessions, name="calibrations"),
    path("calibration/add/", views.add, name="calibration-add"),
    path("calibration/drift/", views.drift, name="calibration-drift"),
    path("calibration/<uuid:pk>/", views.session, name="calibration"),
    path("calibration/<uuid:pk>/read/", views.read, name="calibration-read"),
    path("calibration/<uuid:pk>/close/", views.close, name="calibration-close"),
    path("calibration/<uuid:pk>/call-off/", views.call_off, name="calibration-call-off"),
    path("calibration/<uuid:pk>/agree/", views.agree, name="calibration-agree"),
    path("calibration/items/<uuid:pk>/", item_views.item, name="calibration-item"),
    path("calibration/items/<uuid:pk>/say/", item_views.say, name="calibration-say"),
    path("calibration/items/<uuid:pk>/hold/", item_views.record, name="calibration-hold"),
]
