"""Every address of Heard. Members' pages live under /o/<slug>/, the API under /api/v1/."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from qa.organizations.forms import FirstOrLostPasswordForm, SignInForm
from qa.site import account_views, join_views, sign_up_views, views
from qa.site.texts import texts

member_pages: list[URLPattern | URLResolver] = [
    path("", include("qa.sampling.urls")),
    path("", include("qa.reviews.urls")),
    path("", include("qa.review_page.urls")),
    path("", include("qa.coaching.urls")),
    path("", include("qa.agent_pages.urls")),
    path("", include("qa.disputes.urls")),
    path("", include("qa.calibration.urls")),
    path("", include("qa.agreement.urls")),
    path("", include("qa.inbox.urls")),
    path("", include("qa.dashboards.urls")),
    path("", include("qa.interactions.urls")),
    path("", include("qa.intake.urls")),
    path("", include("scorecards.urls")),
    path("", include("qa.trail.urls")),
    path("", include("qa.organizations.urls")),
    path("search/", views.search, name="search"),
    path("organizations/", views.switch, name="switch"),
    path("", include("qa.first_steps.urls")),
]

api: list[URLPattern | URLResolver] = [
    path("", include("qa.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        login_not_required(SpectacularSwaggerSplitView.as_view(url_name="api-schema")),
        name="api-docs",
    ),
]

accounts = [
    path(
        "login/",
        auth.LoginView.as_view(
            authentication_form=SignInForm,
            redirect_authenticated_user=True,
            extra_context={"sign_up": settings.SIGN_UP},
        ),
        name="login",
    ),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", account_views.change_password, name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "reset/",
        auth.PasswordResetView.as_view(form_class=FirstOrLostPasswordForm),
        name="password_reset",
    ),
    path("reset/sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "reset/<uidb64>/<token>/",
        account_views.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    path("reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("sign-up/", sign_up_views.ask, name="sign_up"),
    path("sign-up/<str:token>/", sign_up_views.open_organization, name="sign_up_open"),
    path("invitations/<str:token>/", join_views.accept, name="invitation"),
    path("address/<str:token>/", account_views.confirm_address, name="address_confirm"),
]

urlpatterns = [
    path("", views.start, name="start"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("texts.js", texts, name="texts"),
    path("accounts/", include(accounts)),
    path("o/<slug:slug>/", include(member_pages)),
    path("api/v1/", include(api)),
]

handler404 = "qa.api.base.not_found"
handler500 = "qa.api.base.server_error"
