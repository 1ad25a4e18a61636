"""All addresses of the site; each is listed in the matrix of its tests."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kvarter.web.api.urls import key_pages
from kvarter.web.api.views.described import described
from kvarter.web.goals.views.away import preview
from kvarter.web.site import views

_login = [
    path("log-ind/", account.login, name="account_login"),
    path("log-ud/", account.logout, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("bekraeft/", account.reauthenticate, name="account_reauthenticate"),
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("glemt/", account.password_reset, name="account_reset_password"),
    path("glemt/sendt/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^glemt/ny/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "glemt/faerdig/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("faktor/", factors.index, name="mfa_index"),
    path("faktor/kode/", factors.authenticate, name="mfa_authenticate"),
    path("faktor/bekraeft/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("faktor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("faktor/app/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("faktor/koder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("faktor/koder/nye/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("faktor/koder/fil/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("kommune/afbrudt/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("kommune/fejl/", social.login_error, name="socialaccount_login_error"),
    path("<slug:provider_id>/login/", openid.login, name="openid_connect_login"),
    path("<slug:provider_id>/svar/", openid.callback, name="openid_connect_callback"),
]

urlpatterns = [
    path("", include("kvarter.web.status.urls")),
    path("en/", include("kvarter.web.status.urls")),
    path("tilgaengelighed/", views.accessibility, name="accessibility"),
    path("en/tilgaengelighed/", views.accessibility),
    path("sprog/", require_POST(set_language), name="choose_language"),
    path("robots.txt", views.robots, name="robots"),
    path("sundhed/", views.health, name="health"),
    path("look/farve.css", views.colour, name="colour"),
    path("look/logo", views.logo, name="logo"),
    path("konto/", include("kvarter.web.accounts.urls")),
    path("konto/", include(_login)),
    path("konto/noegler/", include(key_pages)),
    path("koersler/", include("kvarter.web.runs.urls")),
    path("revision/", include("kvarter.web.auditing.urls")),
    path("api/", include("kvarter.web.api.urls")),
    path("en/api/", described, name="api_in_english"),
    path("arbejde/", include("kvarter.web.goals.urls")),
    path("udkast/<str:secret>/", preview, name="preview"),
]

handler400 = "kvarter.web.site.errors.bad_request"
handler403 = "kvarter.web.site.errors.not_allowed"
handler404 = "kvarter.web.site.errors.not_found"
handler500 = "kvarter.web.site.errors.fault"
