"""Addresses of the queue. One for each action."""

from django.urls import path

from qa.reviews import queue_views

urlpatterns = [
    path("queue/", queue_views.queue, name="queue"),
    path("queue/take/", queue_views.take, name="queue-take"),
    path("queue/assign/", queue_views.assign, name="queue-assign"),
    path("queue/second/", queue_views.take_second, name="queue-second"),
]
