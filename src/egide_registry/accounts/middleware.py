"""One transaction and one name for each request.

`TransactionMiddleware` opens the transaction, and undoes it when the page fails: a page that says « error » changed
nothing. `ActingMiddleware` says to the database who acts. Without it, or before sign-in, no row of a person is seen.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from egide_registry.accounts import sessions
from egide_registry.accounts.models import Mandate, Person
from egide_registry.security import context

Handler = Callable[[HttpRequest], HttpResponse]


class ActingRequest(HttpRequest):
    """A request after `ActingMiddleware`: who is signed in, and under which mandate."""

    person: Person | None
    mandate: Mandate | None
    failed: bool


class TransactionMiddleware:
    """The whole of a request, its session included, happens or does not."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.failed = False  # type: ignore[attr-defined]
        with transaction.atomic():
            response = self.get_response(request)
            if request.failed or response.status_code >= 500:  # type: ignore[attr-defined]
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A refusal raised half-way through an action undoes that action."""
        request.failed = True  # type: ignore[attr-defined]


class ActingMiddleware:
    """Reads the session, enters the context, and gives the page its person and mandate."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person, request.mandate = self.who(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def who(request: HttpRequest) -> tuple[Person | None, Mandate | None]:
        """The person of a live session and the mandate they chose, if it is still live; else nobody."""
        signed = sessions.signed_in(request.session)
        if signed is None:
            context.leave()
            return None, None
        mandate_id = request.session.get("mandate")
        context.enter(person=signed.person, mandate=UUID(mandate_id) if mandate_id else None)
        person = Person.objects.filter(pk=signed.person, is_active=True).first()
        if person is None or person.get_session_auth_hash() != signed.secret:
            request.session.flush()
            context.leave()
            return None, None
        mandate = (
            Mandate.objects.select_related("body", "department")
            .filter(pk=mandate_id, person=person)
            .extra(where=["accounts_mandate.id = (SELECT security.mandate())"])
            .first()
            if mandate_id
            else None
        )
        return person, mandate
