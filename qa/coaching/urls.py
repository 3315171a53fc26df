"""Addresses of pre-scores that are shared before any review, and of the policy of feedback."""

from django.urls import path

from qa.coaching import automatic_views, note_views

urlpatterns = [
    path("feedback/automatic/", automatic_views.automatic, name="automatic"),
    path("feedback/automatic/<uuid:pk>/", automatic_views.automatic_one, name="automatic-one"),
    path(
        "feedback/automatic/<uuid:pk>/acknowledge/",
        automatic_views.acknowledge_automatic,
        name="automatic-acknowledge",
    ),
    path("notes/", note_views.notes, name="notes"),
    path("settings/notes/", note_views.templates, name="settings-note-templates"),
    path("settings/templates/<uuid:pk>/", note_views.template, name="settings-note-template"),
    path(
        "settings/templates/<uuid:pk>/remove/",
        note_views.remove_template,
        name="settings-note-template-remove",
    ),
    path("settings/feedback/", automatic_views.feedback_policy, name="settings-feedback"),
]
