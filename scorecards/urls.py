"""The address of the definitions."""

from django.urls import path

from scorecards import views

urlpatterns = [path("definitions/", views.definitions, name="definitions")]
