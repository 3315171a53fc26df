"""Addresses of the pages about agreement."""

from django.urls import path

from qa.agreement import views

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/export/", views.export, name="agreement-export"),
    path("agreement/policy/", views.policy, name="agreement-policy"),
]
