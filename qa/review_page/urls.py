"""Addresses of the review page. One for each action."""

from django.urls import path

from qa.review_page import after_views, autosave_views, card_views, lock_views, views

urlpatterns = [
    path("reviews/<uuid:pk>/", views.review, name="review"),
    path("reviews/<uuid:pk>/accept/", views.accept, name="review-accept"),
    path("reviews/<uuid:pk>/accept-all/", views.accept_all, name="review-accept-all"),
    path("reviews/<uuid:pk>/change/", views.change, name="review-change"),
    path("reviews/<uuid:pk>/reject/", views.reject, name="review-reject"),
    path("reviews/<uuid:pk>/undo/", lock_views.undo, name="review-undo"),
    path("reviews/<uuid:pk>/add/", views.add, name="review-add"),
    path("reviews/<uuid:pk>/answer/", card_views.answer, name="review-answer"),
    path(
        "reviews/<uuid:pk>/answer/confirm/", card_views.confirm_proposals, name="review-proposals"
    ),
    path("reviews/<uuid:pk>/summary/", views.summary, name="review-summary"),
    path(
        "reviews/<uuid:pk>/summary/keep/", autosave_views.keep_summary, name="review-summary-keep"
    ),
    path("reviews/<uuid:pk>/notes/discard/", views.discard_note, name="review-note-discard"),
    path("reviews/<uuid:pk>/notes/keep/", autosave_views.keep_note, name="review-note-keep"),
    path("reviews/<uuid:pk>/notes/", views.note, name="review-note"),
    path(
        "reviews/<uuid:pk>/notes/<uuid:note_pk>/remove/",
        views.remove_note,
        name="review-note-remove",
    ),
    path("reviews/<uuid:pk>/release/", views.release, name="review-release"),
    path("reviews/<uuid:pk>/presence/", autosave_views.presence, name="review-presence"),
    path("reviews/<uuid:pk>/commit/", lock_views.commit, name="review-commit"),
    path("reviews/<uuid:pk>/confirm/", views.confirm, name="review-confirm"),
    path("reviews/<uuid:pk>/recall/", after_views.recall, name="review-recall"),
    path("reviews/<uuid:pk>/correct/", after_views.correct, name="review-correct"),
]
