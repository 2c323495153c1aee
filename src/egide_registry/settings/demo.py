"""The demo: a PostgreSQL and keys in `build/registry`, on loopback, over plain http. Nothing real goes here."""

import os
from pathlib import Path

from egide_registry.settings.base import *  # noqa: F403
from egide_registry.settings.base import INSTALLED_APPS, TEMPLATES, databases

EGIDE_DEMO_FOLDER = Path(os.environ.get("EGIDE_DEMO_FOLDER", "build/registry")).resolve()
INSTALLED_APPS = [*INSTALLED_APPS, "egide_registry.demo"]
# Looked at first: every page says that nothing in it is real.
TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent.parent / "demo" / "templates_demo"]}]
SECRET_KEY = "demo only: the sessions of a demo protect nobody, and no person is in it"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
# `manage.py serve` starts the server and links its socket there.
DATABASES = databases(
    host=os.environ.get("EGIDE_DEMO_SOCKET", str(EGIDE_DEMO_FOLDER / "postgresql")), name="egide", CONN_MAX_AGE=300
)
EGIDE_KEYS = {"kind": "local", "path": str(EGIDE_DEMO_FOLDER / "keys.json")}
EGIDE_ANCHORS = str(EGIDE_DEMO_FOLDER / "anchors")
EGIDE_RELEASES = str(EGIDE_DEMO_FOLDER / "releases")
EGIDE_OIDC = None
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
