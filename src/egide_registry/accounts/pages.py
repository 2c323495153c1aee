"""What every page may show of who is signed in."""

from typing import Any

from django.http import HttpRequest


def mandate_of_page(request: HttpRequest) -> dict[str, Any]:
    """The mandate and the person, None before sign-in or on a page of error."""
    return {"acting": getattr(request, "mandate", None), "person": getattr(request, "person", None)}
