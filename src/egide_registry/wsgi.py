"""The site, for a WSGI server. It does not open over a hole in the database."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide_registry.settings.production")
application = get_wsgi_application()


def refuse_holes() -> None:
    """Raise with every hole found, before the first request."""
    from egide_registry.security import checks

    found = checks.holes()
    if found:
        raise ImproperlyConfigured("The registry does not open:\n" + "\n".join(found))


refuse_holes()
