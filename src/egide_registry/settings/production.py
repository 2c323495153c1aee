"""A site in production: everything from the environment, which is refused whole when any of it is weak."""

import os

from egide_registry.settings import environment
from egide_registry.settings.base import *  # noqa: F403
from egide_registry.settings.base import databases

_told = environment.read(os.environ)

DEBUG = False
SECRET_KEY = _told.secret_key
ALLOWED_HOSTS = list(_told.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _told.hosts]
DATABASES = databases(
    host=_told.database_host,
    name=_told.database_name,
    PORT=_told.database_port,
    passwords=_told.passwords,
    CONN_MAX_AGE=300,
    CONN_HEALTH_CHECKS=True,
    OPTIONS={"sslmode": "verify-full", "sslrootcert": _told.database_ca} if _told.database_ca else {},
)
EGIDE_KEYS = {"kind": "openbao", "url": _told.keys_url, "token": _told.keys_token, "ca": _told.keys_ca or None}
EGIDE_ANCHORS = _told.anchors
EGIDE_RELEASES = _told.releases
EGIDE_STATISTICS_DEPARTMENTS = _told.counted
EGIDE_OIDC = dict(_told.oidc) if _told.oidc else None
EGIDE_CLAMD = {"address": _told.clamd} if _told.clamd else None
EMAIL_HOST = _told.mail_host
EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = _told.mail_from or DEFAULT_FROM_EMAIL  # noqa: F405

# Names that begin with __Host- are kept by the browser for this host alone, over https alone.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W002: `theme.headers` sets X-Frame-Options itself. W021: a list in browsers is joined by the State's host, not by us.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W021"]
STATIC_ROOT = os.environ.get("EGIDE_STATIC_ROOT", "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
