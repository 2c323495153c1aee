"""What a person does to their own account: come in, leave, choose a mandate, change what they come in with.

Before the last factor nobody is signed in, and the context names a login or the person, never a mandate. A failed try
is a normal answer: it returns words and does not raise, so that its trace is kept with the rest of the request.
Source: docs/decisions/sign-in-throttle.md.
"""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from attrs import frozen
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from egide_registry.accounts import attempts, invitations, passkeys, sessions, totp
from egide_registry.accounts.actions import login_index
from egide_registry.accounts.models import Mandate, Passkey, Person, StateIdentity
from egide_registry.accounts.sessions import Pending
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.security import context, vault
from egide_registry.security.models import DataKey

WRONG = "Adresse électronique ou mot de passe incorrect."
WRONG_CODE = "Ce code n’est pas valable. Attendez le code suivant\u202f: un code ne sert qu’une fois."
WRONG_KEY = "La clé d’accès n’a pas été reconnue. Recommencez, ou donnez un code."
BUSY = "Une autre tentative est en cours pour ce compte. Recommencez dans un instant."
NO_MANDATE = (
    "Votre compte n’a pas de mandat en cours. La personne chargée de l’administration des comptes de votre département "
    "peut vous en donner un."
)
UNKNOWN = (
    "Votre identité n’est rattachée à aucun compte d’Égide. Un rattachement n’est jamais automatique\u00a0: donnez le "
    "code ci-dessous à la personne chargée de l’administration des comptes de votre département. Une seconde personne "
    "le confirmera."
)


@frozen
class Refusal:
    """Why a try failed, in words for the page. `final`: trying again changes nothing; a page of its own says so."""

    words: str
    final: bool = False
    identity: str = ""  # the code to give to the administration, for an identity attached to nobody


def _too_soon(wait: timedelta) -> Refusal:
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    return Refusal(
        f"Trop d’essais. Attendez {minutes} minute{'s' if minutes > 1 else ''} avant le prochain\u202f; "
        "le compte n’est pas bloqué."
    )


def _turn(login: str, now: datetime) -> Refusal | None:
    """Whether this login may try now."""
    if not attempts.claimed(login):
        return Refusal(BUSY)
    wait = attempts.wait(login, now=now)
    return _too_soon(wait) if wait else None


def _failed(login: str, person: UUID | None, *, step: str, now: datetime) -> None:
    attempts.failed(login, now=now)
    audit.record(Event.SIGN_IN_REFUSED, by=None, subject=person, step=step)


# ---------------------------------------------------------------- password, then a second factor


def give_password(request: HttpRequest, *, email: str, password: str, now: datetime) -> Refusal | None:
    """The first factor. The answer and the work are the same whether the address is known or not."""
    login = login_index(email)
    context.enter(login=login)
    refused = _turn(login, now)
    if refused:
        return refused
    person = Person.objects.filter(login_index=login, is_active=True).first()
    right = check_password(password, UNUSABLE_PASSWORD_PREFIX if person is None else person.password)
    if person is None or not right or not person.has_factor():
        _failed(login, None if person is None else person.pk, step="password", now=now)
        return Refusal(WRONG)
    half = Pending(person=person.pk, login=login, proof=person.get_session_auth_hash(), since=now)
    sessions.wait_for_factor(request.session, half)
    return None


def half_way(request: HttpRequest) -> tuple[Pending, Person] | None:
    """Who gave a right password and has a factor to give; their context is entered."""
    pending = sessions.pending(request.session)
    if pending is None or pending.password is not None:
        return None
    context.enter(person=pending.person, login=pending.login)
    person = Person.objects.filter(pk=pending.person, is_active=True).first()
    if person is None or not constant_time_compare(pending.proof, person.get_session_auth_hash()):
        request.session.flush()
        context.leave()
        return None
    return pending, person


def ask_for_key(request: HttpRequest, person: Person) -> str | None:
    """What the browser needs to sign with a passkey of this person, None if they have none."""
    keys = list(Passkey.objects.filter(person=person))
    return passkeys.to_use(passkeys.Site.of(request), keys, _new_challenge(request)) if keys else None


def give_code(request: HttpRequest, pending: Pending, person: Person, *, code: str, now: datetime) -> Refusal | None:
    """The second factor, as a code."""
    refused = _turn(pending.login, now)
    if refused:
        return refused
    if not _use_code(person, code, now=now):
        _failed(pending.login, person.pk, step="code", now=now)
        return Refusal(WRONG_CODE)
    return _enter(request, person, login=pending.login, how="totp", now=now)


def give_key(request: HttpRequest, pending: Pending, person: Person, *, answer: str, now: datetime) -> Refusal | None:
    """The second factor, as the signature of a passkey."""
    refused = _turn(pending.login, now)
    if refused:
        return refused
    asked = _challenge(request)
    key = Passkey.objects.filter(person=person, credential_id=passkeys.which(answer)).first()
    count = passkeys.signed(passkeys.Site.of(request), answer, asked, key) if asked and key else None
    if key is None or count is None:
        _failed(pending.login, person.pk, step="passkey", now=now)
        return Refusal(WRONG_KEY)
    Passkey.objects.filter(pk=key.pk).update(sign_count=count)
    return _enter(request, person, login=pending.login, how="passkey", now=now)


def _use_code(person: Person, code: str, *, now: datetime) -> bool:
    """Whether the code is right and was never used; used from now on, even by two requests at once."""
    secret = vault.open_for(person.pk, owner=vault.ACCOUNTS).read_bytes(person, "totp")
    step = totp.accepted(secret, code, at=now.timestamp(), last=person.totp_last_step) if secret else None
    if step is None:
        return False
    unused = Q(totp_last_step__isnull=True) | Q(totp_last_step__lt=step)
    return bool(Person.objects.filter(unused, pk=person.pk).update(totp_last_step=step))


# ---------------------------------------------------------------- the identity provider of the State


def state_index(issuer: str, subject: str) -> str:
    """What the database knows of an identity at a provider: a keyed hash of issuer and subject, never an address."""
    return vault.service().mac(vault.ACCOUNTS, "state-identity", f"{issuer}|{subject}".encode()).hex()


def come_from_state(request: HttpRequest, *, issuer: str, subject: str, now: datetime) -> Refusal | None:
    """Open the session of the person this identity was attached to. All its claims were checked before.

    An unknown identity is attached to nobody, whatever its address: two persons of the administration do that.
    """
    index = state_index(issuer, subject)
    context.enter(login=index)
    identity = StateIdentity.objects.filter(subject_index=index).first()
    if identity is not None:
        context.enter(person=identity.person_id)
    person = Person.objects.filter(pk=identity.person_id, is_active=True).first() if identity else None
    if person is None:
        audit.record(Event.SIGN_IN_REFUSED, by=None, step="identity")
        return Refusal(UNKNOWN, final=True, identity=index)
    return _enter(request, person, login=person.login_index, how="state", now=now)


# ---------------------------------------------------------------- first access


@transaction.atomic
def accept_invitation(request: HttpRequest, person: Person, *, token: str, password: str, now: datetime) -> None:
    """Keep the chosen password aside and make the secret of the second factor. Nothing opens before a code is right."""
    safe = vault.open_for(person.pk, owner=vault.ACCOUNTS)
    safe.seal_bytes(person, "totp", totp.secret())
    person.save(update_fields=["totp"])
    half = Pending(person=person.pk, login=person.login_index, proof=token, since=now, password=make_password(password))
    sessions.wait_for_factor(request.session, half)


def first_access(request: HttpRequest) -> tuple[Pending, Person, bytes] | None:
    """Who is in the middle of a first access, and the secret to show; None if nobody, or if the link has died."""
    pending = sessions.pending(request.session)
    if pending is None or pending.password is None:
        return None
    person = invitations.invited(pending.proof)
    if person is None or person.pk != pending.person:
        request.session.flush()
        return None
    context.enter(person=person.pk, login=pending.login)
    secret = vault.open_for(person.pk, owner=vault.ACCOUNTS).read_bytes(person, "totp")
    return None if secret is None else (pending, person, secret)


def confirm_first_access(
    request: HttpRequest, pending: Pending, person: Person, *, code: str, now: datetime
) -> Refusal | None:
    """The first right code: password and second factor are set together, the link dies, the session opens."""
    refused = _turn(pending.login, now)
    if refused:
        return refused
    if not _use_code(person, code, now=now):
        _failed(pending.login, person.pk, step="first_code", now=now)
        return Refusal(WRONG_CODE)
    person.password = pending.password or ""
    person.totp_confirmed_at = now
    person.save(update_fields=["password", "totp_confirmed_at"])
    audit.record(Event.FACTOR_ADDED, by=None, subject=person.pk, factor="totp")
    return _enter(request, person, login=pending.login, how="totp", now=now)


# ---------------------------------------------------------------- the session


def live_mandates(person: UUID, *, on: date) -> QuerySet[Mandate]:
    """The mandates this person may choose among that day."""
    begun = Mandate.objects.filter(person_id=person, starts_on__lte=on)
    running = begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    return running.select_related("body", "department").order_by("department_id", "role", "pk")


def _enter(request: HttpRequest, person: Person, *, login: str, how: str, now: datetime) -> Refusal | None:
    """Every factor is right: open the session, unless no mandate is live. A single mandate is chosen at once."""
    context.enter(person=person.pk, login=login)
    attempts.forget(login)
    mandates = list(live_mandates(person.pk, on=timezone.localdate(now))[:2])
    if not mandates:
        request.session.flush()
        audit.record(Event.SIGN_IN_REFUSED, by=None, subject=person.pk, step="mandate")
        return Refusal(NO_MANDATE, final=True)
    sessions.begin(request, person, how=how, now=now)
    audit.record(Event.SIGNED_IN, by=None, subject=person.pk, how=how)
    if len(mandates) == 1:
        choose(request, mandates[0])
    return None


@transaction.atomic
def choose(request: HttpRequest, mandate: Mandate) -> None:
    """Work under this mandate from now on."""
    context.enter(person=mandate.person_id, mandate=mandate.pk)
    request.session[sessions.MANDATE] = str(mandate.pk)
    audit.record(Event.MANDATE_CHOSEN, by=mandate, subject=mandate.pk)


def sign_out(request: HttpRequest) -> None:
    """Destroy the session; the theme's headers then ask the browser to forget the pages. The quick exit does it too."""
    person: Person | None = getattr(request, "person", None)
    if person is not None:
        audit.record(Event.SIGNED_OUT, by=getattr(request, "mandate", None), subject=person.pk)
    request.session.flush()


# ---------------------------------------------------------------- my account


@transaction.atomic
def change_password(request: HttpRequest, person: Person, *, current: str, new: str, now: datetime) -> Refusal | None:
    """A new password. Every other session of this person closes; this one goes on under a new key."""
    mandate: Mandate | None = getattr(request, "mandate", None)
    context.enter(person=person.pk, mandate=None if mandate is None else mandate.pk, login=person.login_index)
    refused = _turn(person.login_index, now)
    if refused:
        return refused
    if not check_password(current, person.password):
        attempts.failed(person.login_index, now=now)
        return Refusal("Le mot de passe actuel est incorrect.")
    person.set_password(new)
    person.save(update_fields=["password"])
    request.session.cycle_key()
    request.session[sessions.SECRET] = person.get_session_auth_hash()
    audit.record(Event.FACTOR_ADDED, by=mandate, subject=person.pk, factor="password")
    return None


def ask_for_new_key(request: HttpRequest, person: Person) -> str:
    """What the browser needs to make a passkey for this person."""
    known = Passkey.objects.filter(person=person)
    return passkeys.to_add(passkeys.Site.of(request), person.pk, known, _new_challenge(request))


@transaction.atomic
def add_key(request: HttpRequest, person: Person, *, answer: str, label: str, on: date) -> Refusal | None:
    """Keep the public key of an authenticator, under a name that its person gives it."""
    asked = _challenge(request)
    found = passkeys.added(passkeys.Site.of(request), answer, asked) if asked else None
    if found is None or Passkey.objects.filter(credential_id=found[0]).exists():
        return Refusal("La clé d’accès n’a pas été ajoutée. Recommencez.")
    identifier, public, count = found
    key = Passkey(id=uuid4(), person=person, credential_id=identifier, public_key=public, sign_count=count, added_on=on)
    vault.open_for(person.pk, owner=vault.ACCOUNTS).seal(key, "label", label)
    key.save(force_insert=True)
    audit.record(Event.FACTOR_ADDED, by=getattr(request, "mandate", None), subject=person.pk, factor="passkey")
    return None


@transaction.atomic
def remove_key(request: HttpRequest, person: Person, key: UUID) -> bool:
    """Forget a passkey; one-time passwords stay. False if it is not there."""
    if not Passkey.objects.filter(pk=key, person=person).delete()[0]:
        return False
    audit.record(Event.FACTOR_REMOVED, by=getattr(request, "mandate", None), subject=person.pk, factor="passkey")
    return True


def keys_of(person: Person) -> list[tuple[UUID, str, date]]:
    """The passkeys of this person: identifier, name, day they were added."""
    keys = list(Passkey.objects.filter(person=person).order_by("added_on", "pk"))
    safe = vault.open_for(person.pk, owner=vault.ACCOUNTS) if keys else None
    return [(key.pk, safe.read(key, "label") if safe else "", key.added_on) for key in keys]


def identities(persons: list[Person]) -> dict[UUID, dict[str, str]]:
    """Name and address of persons whose rows and keys the context shows."""
    shown = set(DataKey.objects.filter(pk__in=[person.pk for person in persons]).values_list("pk", flat=True))
    return {
        person.pk: vault.open_for(person.pk, owner=vault.ACCOUNTS).read(person, "identity")
        for person in persons
        if person.pk in shown
    }


def _new_challenge(request: HttpRequest) -> bytes:
    asked = passkeys.challenge()
    request.session[sessions.CHALLENGE] = asked.hex()
    return asked


def _challenge(request: HttpRequest) -> bytes | None:
    """The challenge, taken out: an answer is checked once."""
    asked = request.session.pop(sessions.CHALLENGE, None)
    return None if asked is None else bytes.fromhex(asked)
