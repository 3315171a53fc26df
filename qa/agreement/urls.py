"""Addresses of the pages about agreement."""

from django.urls import path

from qa.agreement import empty_views, views

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/export/", views.export, name="agreement-export"),
    path("agreement/empty/", empty_views.listed, name="agreement-empty"),
    path(
        "agreement/reviews/<uuid:pk>/leave-out/",
        empty_views.leave_out,
        name="agreement-leave-out",
    ),
    path("agreement/reviews/<uuid:pk>/count/", empty_views.count_again, name="agreement-count"),
    path("agreement/policy/", views.policy, name="agreement-policy"),
]
