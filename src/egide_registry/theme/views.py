"""The few answers of the theme itself: leave at once, stay signed in, accessibility statement, why it is refused."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST


def forget_session(request: HttpRequest) -> None:
    """Sign out by destroying the session."""
    request.session.flush()


@csrf_exempt
@require_POST
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Sign out for one who has already left: the browser sends this as the page goes, and reads no answer.

    Without a CSRF token, because a beacon must not fail: at worst somebody is signed out, and the session cookie,
    SameSite=Strict, does not come with a request from elsewhere. EGIDE_SIGN_OUT names the function that signs out.
    """
    name = getattr(settings, "EGIDE_SIGN_OUT", "egide_registry.theme.views.forget_session")
    import_string(name)(request)
    return HttpResponse(status=204)


@require_GET
def still_here(request: HttpRequest) -> HttpResponse:
    """Nothing: any request keeps a live session alive. Refused once nobody is signed in any more."""
    return HttpResponse(status=204 if getattr(request, "person", None) else 403)


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "theme/accessibility.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why, when whoever refused gave words for it: `PermissionDenied("…")`, in French, naming nobody.

    An attribute `emergency` of the exception is the address where a break-glass access may be asked for.
    """
    why = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"why": why, "emergency": getattr(exception, "emergency", "")}, status=403)
