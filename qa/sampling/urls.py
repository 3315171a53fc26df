"""Addresses of the rules that pick conversations, and of who reviews what not."""

from django.urls import path

from qa.sampling import views

urlpatterns = [
    path("sampling/", views.rules, name="sampling"),
    path("sampling/new/", views.new_rule, name="sampling-new"),
    path("sampling/exclusions/", views.exclusions, name="sampling-exclusions"),
    path("sampling/exclusions/<uuid:pk>/remove/", views.remove_exclusion, name="sampling-include"),
    path("sampling/<uuid:pk>/", views.rule, name="sampling-rule"),
    path("sampling/<uuid:pk>/edit/", views.edit_rule, name="sampling-edit"),
    path("sampling/<uuid:pk>/switch/", views.switch, name="sampling-switch"),
    path("sampling/<uuid:pk>/remove/", views.remove_rule, name="sampling-remove"),
]
