"""For the tests: a PostgreSQL of their own (tests/registry/conftest.py says where), keys in a temporary file."""

import os
import tempfile
from pathlib import Path

from egide_registry.settings.base import *  # noqa: F403
from egide_registry.settings.base import databases

SECRET_KEY = "for tests only, for tests only, for tests only, for tests only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = databases(host=os.environ.get("EGIDE_TEST_SOCKET", "/nowhere"), name="egide")
EGIDE_KEYS = {"kind": "local", "path": str(Path(tempfile.mkdtemp(prefix="egide-keys-")) / "keys.json")}
EGIDE_ANCHORS = tempfile.mkdtemp(prefix="egide-anchors-")
EGIDE_RELEASES = tempfile.mkdtemp(prefix="egide-releases-")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Scrypt is slow on purpose; a test of sign-in that counts on it says so itself.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
