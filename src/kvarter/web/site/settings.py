"""Django's settings, from the configuration of the site in the folder that KVARTER_SITE names.

Without a folder they are those of an empty site in memory, for tools that only read the code.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from kvarter.web.accounts.claims import ClaimRules, Grant
from kvarter.web.site.config import (
    DATABASE_VARIABLE,
    SECRET,
    Database,
    OpenIdConnect,
    SiteConfig,
    load_config,
    read_secret,
    site_folder,
)

FOLDER = site_folder()
CONFIG = load_config(FOLDER) if FOLDER else SiteConfig()
LOOK = CONFIG.look
DEMO = CONFIG.demo
RUNS = CONFIG.runs
_HTTPS = CONFIG.serving.https

DEBUG = False
SECRET_KEY = read_secret(FOLDER, SECRET) if FOLDER else secrets.token_urlsafe(64)
ALLOWED_HOSTS = list(CONFIG.serving.hosts)
ROOT_URLCONF = "kvarter.web.site.urls"
WSGI_APPLICATION = "kvarter.web.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "kvarter.web.ui.apps.Ui",
    "kvarter.web.accounts.apps.Accounts",
    "kvarter.web.audit.apps.Audit",
    "kvarter.web.outbox.apps.Outbox",
    "kvarter.web.status.apps.Status",
    "kvarter.web.runs.apps.Runs",
    "kvarter.web.api.apps.Api",
    "kvarter.web.goals.apps.Goals",
    "kvarter.web.site.apps.Site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kvarter.web.site.middleware.headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kvarter.web.status.middleware.prepared_pages",
    "kvarter.web.ui.spoken.speak_its_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kvarter.web.accounts.middleware.sessions_expire",
    "kvarter.web.accounts.middleware.second_factor",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "kvarter.web.site.jinja.environment"},
    },
]


# --- the database -------------------------------------------------------------------------------


def _sqlite(path: str) -> dict[str, Any]:
    """SQLite that lets many read while one writes, and waits for its turn to write."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """PostgreSQL at an address such as `postgresql://user:password@host:5432/name`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def database(config: Database, folder: Path | None) -> dict[str, Any]:
    """The database: that of the environment, else of the configuration, else SQLite."""
    url = os.environ.get(DATABASE_VARIABLE) or config.url
    if url:
        return _postgresql(url)
    return _sqlite(str(folder / "site.sqlite3") if folder else ":memory:")


DATABASES = {"default": database(CONFIG.database, FOLDER)}
CACHES = {
    "default": {  # counts of tries to log in: shared by all processes
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
    }
}

# --- what is published --------------------------------------------------------------------------

PUBLISHED = FOLDER / "published" if FOLDER else Path("published")
ADDRESS = f"{'https' if _HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"
"""Where links in mail lead to."""
DRAFTS = FOLDER / "drafts" if FOLDER else Path("drafts")
if FOLDER and RUNS.policy:  # where runs from the site write
    DRAFTS = (FOLDER / RUNS.policy).parent / "status"
AUDIT_MIRROR = FOLDER / "audit.jsonl" if FOLDER else Path(os.devnull)

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
USE_I18N = True  # the forms of Django and allauth speak them too
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = _HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

STATIC_URL = "/static/"
STATIC_ROOT = FOLDER / "static" if FOLDER else Path("static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- what a browser may do ----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sundhed/$"]
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
if _HTTPS and CONFIG.serving.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS: list[str] = []  # but where a view says where a file goes

# --- sessions and logins ------------------------------------------------------------------------

_HOST = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST}session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_LONGEST = 8 * 3600
SESSION_LONGEST_IDLE = 1800
CSRF_COOKIE_NAME = f"{_HOST}csrf"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kvarter.web.site.errors.form_expired"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "own_account"
LOGOUT_REDIRECT_URL = "newest"
SECOND_FACTOR = CONFIG.second_factor

ACCOUNT_ADAPTER = "kvarter.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.serving.proxies if _HTTPS else 0

MFA_ADAPTER = "kvarter.web.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = LOOK.name

SOCIALACCOUNT_ADAPTER = "kvarter.web.accounts.adapters.ClaimsAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False


def _provider(config: OpenIdConnect, folder: Path) -> dict[str, Any]:
    return {
        "APPS": [
            {
                "provider_id": "kommune",
                "name": config.title,
                "client_id": config.client_id,
                "secret": read_secret(folder, config.client_secret_file),
                "settings": {"server_url": config.issuer, "oauth_pkce_enabled": True},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }


def _rules(config: OpenIdConnect) -> ClaimRules:
    roles = {name: Grant(each.role, each.limits()) for name, each in config.roles.items()}
    return ClaimRules(config.claim, config.privileges_claim, roles, config.constraints)


PROVIDER_TITLE = CONFIG.openid_connect.title if CONFIG.openid_connect else ""
CLAIM_RULES = ClaimRules("", "", {}, {})
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if CONFIG.openid_connect and FOLDER:
    CLAIM_RULES = _rules(CONFIG.openid_connect)
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = _provider(CONFIG.openid_connect, FOLDER)
    # The page that sends a reader on to the provider is a form: its answer leads there.
    _issuer = urlsplit(CONFIG.openid_connect.issuer)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [f"{_issuer.scheme}://{_issuer.netloc}"]

# --- mail and what is logged --------------------------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail.sender
if CONFIG.mail.server:
    EMAIL_HOST, EMAIL_PORT = CONFIG.mail.server, CONFIG.mail.port
    EMAIL_USE_TLS, EMAIL_TIMEOUT = True, 20
    EMAIL_HOST_USER = CONFIG.mail.user
    if CONFIG.mail.password_file and FOLDER:
        EMAIL_HOST_PASSWORD = read_secret(FOLDER, CONFIG.mail.password_file)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(FOLDER / "mail") if FOLDER else "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
