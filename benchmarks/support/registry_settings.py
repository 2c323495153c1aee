"""The settings of the benchmark's site: those of production but for TLS and the key service, a file here."""

import os
from pathlib import Path

from egide_registry.settings.base import *  # noqa: F403
from egide_registry.settings.base import databases

_FOLDER = Path(os.environ["EGIDE_BENCH_FOLDER"])
SECRET_KEY = "for a benchmark only, for a benchmark only, for a benchmark only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DATABASES = databases(host=os.environ["EGIDE_BENCH_SOCKET"], name="egide", CONN_MAX_AGE=300)
EGIDE_KEYS = {"kind": "local", "path": str(_FOLDER / "keys.json")}
EGIDE_ANCHORS = str(_FOLDER / "anchors")
EGIDE_RELEASES = str(_FOLDER / "releases")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
