"""What every answer says to the browser: keep nothing, tell nobody, run only our own files.

Source: docs/decisions/theme-neutre.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Everything a page could ask of the machine. Passkeys alone are allowed, to ourselves.
_OFF = (
    *("accelerometer", "autoplay", "browsing-topics", "camera"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope"),
    *("hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
    *("otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb"),
    *("window-management", "xr-spatial-tracking"),
)
_OURS = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in _OURS)])

ALWAYS = {
    # Not `no-referrer`: under it a browser sends `Origin: null` with our own forms, which the CSRF check must refuse.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# Not "cookies": it would also empty other services of the same domain. Django takes back our own by name.
CLEAR_SITE_DATA = '"cache", "storage"'


def content_security_policy(*, form_targets: Sequence[str] = ()) -> dict[str, Any]:
    """The setting CONTENT_SECURITY_POLICY of django-csp. Nothing inline, nothing from elsewhere, hence no nonce.

    `form_targets`: origins a form may lead to by redirection, such as that of the identity provider.
    """
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF],  # the beacon of the quick exit, "I am still here"
            "form-action": [SELF, *form_targets],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
        }
    }


class HeadersMiddleware:
    """Middleware, outermost. Files of the theme may be kept by the browser; pages and documents never."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if not _is_static(request):
            response.headers["Cache-Control"] = "no-store"
            if _has_left(request):
                response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        return response


def _is_static(request: HttpRequest) -> bool:
    prefix = settings.STATIC_URL or ""
    return prefix.startswith("/") and prefix != "/" and request.path.startswith(prefix)


def _has_left(request: HttpRequest) -> bool:
    """The browser came with a session and has none any more: signed out, or put out. No view has to remember it."""
    session = getattr(request, "session", None)
    return session is not None and settings.SESSION_COOKIE_NAME in request.COOKIES and session.is_empty()
