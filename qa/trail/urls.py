"""Addresses of the audit trail."""

from django.urls import path

from qa.trail import views

urlpatterns = [
    path("settings/audit/", views.audit, name="settings-audit"),
    path("settings/audit/check/", views.check_audit, name="settings-audit-check"),
    path("settings/audit/export/", views.export_audit, name="settings-audit-export"),
]
