"""Addresses of the first steps and of help; the scoring guide is at help/guide/ (scorecards)."""

from django.urls import path

from qa.first_steps import views

urlpatterns = [
    path("first-steps/", views.first_steps, name="first-steps"),
    path("first-steps/hide/", views.hide, name="first-steps-hide"),
    path("first-steps/show/", views.show, name="first-steps-show"),
    path("first-steps/samples/", views.load_samples, name="samples-load"),
    path("first-steps/samples/remove/", views.take_out_samples, name="samples-remove"),
    path("first-steps/tour/seen/", views.tour_seen, name="tour-seen"),
    path("first-steps/tour/again/", views.tour_again, name="tour-again"),
    path("help/", views.help_start, name="help"),
    path("help/glossary/", views.help_glossary, name="help-glossary"),
    path("help/keys/", views.help_keys, name="help-keys"),
    path("help/formats/", views.help_formats, name="help-formats"),
]
