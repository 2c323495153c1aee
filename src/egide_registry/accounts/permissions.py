"""Who may open a page: a live mandate in one of the roles. The database decides about rows."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.rules import LABELS, Role

View = Callable[..., HttpResponse]


class ActingRequest(HttpRequest):
    """The request of a guarded page: `signed` makes sure of the person, `mandated` of the mandate too."""

    person: Person
    mandate: Mandate


def check_role(by: Mandate, *roles: Role) -> None:
    """Refuse a mandate of another role, and say which would do."""
    if by.role not in roles:
        wanted = " ou ".join(f"«\u00a0{LABELS[role]}\u00a0»" for role in roles)
        raise PermissionDenied(
            f"Ce geste demande un mandat {wanted}\u202f; le vôtre est «\u00a0{LABELS[Role(by.role)]}\u00a0»."
        )


def mandated(*roles: Role) -> Callable[[View], View]:
    """A page for these roles (any, if none is named). Nobody signed in: to sign-in. No mandate chosen: choose one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request, "person", None) is None:
                return redirect("accounts:sign_in")
            mandate: Mandate | None = getattr(request, "mandate", None)
            if mandate is None:
                return redirect("accounts:choose")
            if roles:
                check_role(mandate, *roles)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def signed(view: View) -> View:
    """A page for anybody who is signed in, whatever the mandate, even before one is chosen."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "person", None) is None:
            return redirect("accounts:sign_in")
        return view(request, *args, **kwargs)

    return guarded
