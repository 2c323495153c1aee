"""One transaction and one name for each request.

`TransactionMiddleware` opens the transaction, and undoes it when the page fails: a page that says « error » changed
nothing. `ActingMiddleware` says to the database who acts. Without it, or before sign-in, no row of a person is seen.
"""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from egide_registry.accounts import sessions
from egide_registry.accounts.models import Mandate, Person
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.security import context

Handler = Callable[[HttpRequest], HttpResponse]


class TransactionMiddleware:
    """The whole of a request, its session included, happens or does not."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.failed = False  # type: ignore[attr-defined]
        with transaction.atomic(), audit.holding():
            response = self.get_response(request)
            if request.failed or response.status_code >= 500:  # type: ignore[attr-defined]
                transaction.set_rollback(True)
            else:
                audit.write_held()
        if getattr(request, "refused", False):
            self.say_refused(request)
        return response

    @staticmethod
    def say_refused(request: HttpRequest) -> None:
        """A refusal undid its request: it is written in a transaction of its own, or nobody would know of a try."""
        mandate: Mandate | None = getattr(request, "mandate", None)
        match = request.resolver_match
        if mandate is not None and match is not None:
            with transaction.atomic():
                context.enter(person=mandate.person_id, mandate=mandate.pk)
                audit.record(Event.ACCESS_REFUSED, by=mandate, act=match.view_name.replace(":", "."))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A refusal raised half-way through an action undoes that action."""
        request.failed = True  # type: ignore[attr-defined]
        request.refused = isinstance(exception, PermissionDenied)  # type: ignore[attr-defined]


class ActingMandate(models.Func):
    """The mandate that the database itself holds for live: `security.mandate()`."""

    function = "security.mandate"
    arity = 0
    output_field = models.UUIDField()


class ActingMiddleware:
    """Reads the session, enters the context, and gives the page its person and mandate."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person, request.mandate = self.who(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def who(request: HttpRequest) -> tuple[Person | None, Mandate | None]:
        """The person of a live session and the mandate they chose; else nobody.

        A new password, a closed account and the end of the mandate close the session at the next request.
        """
        signed = sessions.signed_in(request.session)
        if signed is None:
            context.leave()
            return None, None
        chosen = request.session.get(sessions.MANDATE)
        context.enter(person=signed.person, mandate=UUID(chosen) if chosen else None)
        person = Person.objects.filter(pk=signed.person, is_active=True).first()
        mandate = Mandate.objects.select_related("body", "department").filter(pk=ActingMandate()).first()
        if (
            person is None
            or not constant_time_compare(person.get_session_auth_hash(), signed.secret)
            or (chosen and mandate is None)
        ):
            request.session.flush()
            context.leave()
            return None, None
        return person, mandate
