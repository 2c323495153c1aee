"""A department where everything has happened at least once, so that no page of the site is empty or out of reach."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from egide_registry.access.actions import glasses, seconds
from egide_registry.access.models import Glass
from egide_registry.accounts.models import Body
from egide_registry.accounts.rules import Role
from egide_registry.commissions import rules
from egide_registry.commissions.actions import minutes
from egide_registry.psp.actions import appeals, examining, filing, paths, rights, transfers
from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealKind
from support import psp
from support.commission import Desk
from support.registry import World, acting, today


def inhabit(world: World) -> Desk:
    """Files in every state, sessions held and to come, an appeal, a transfer, a broken glass, a purge announced."""
    delegate = world[Role.DELEGATE]
    psp.draft(world, on=today())
    incomplete = psp.filed(world, on=today())
    with acting(delegate):
        examining.ask_pieces(incomplete.pk, "Une copie lisible de l’agrément.", by=delegate, on=today())
    psp.filed(world, on=today())
    _followed(world)
    _ended(world)
    _refused(world)
    _old(world)
    psp.with_opinion(world, on=today())
    psp.refusal_proposed(world, on=today())
    stranger = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    with acting(stranger):
        words = "Une audience a lieu demain et personne d’autre n’a pu être joint."
        glasses.break_glass(
            incomplete.file_id, reason=Glass.Reason.COURT, words=words, by=stranger, now=timezone.now(), link="-"
        )
    with acting(delegate):
        seconds.ask_hold(incomplete.file_id, until=today() + timedelta(days=90), by=delegate, now=timezone.now())
    return _met(world)


def _followed(world: World) -> None:
    """A path with its rights, suspended once, asked for by another department."""
    association, delegate, elsewhere = world[Role.ASSOCIATION], world[Role.DELEGATE], World()
    began = today() - timedelta(days=40)
    granted = psp.notified(world, psp.granted(world, began), on=began)
    with acting(association):
        for kind in (RightKind.APS, RightKind.AFIS):
            rights.ask(granted.file_id, kind, asked_on=began, by=association)
        transfers.ask(
            granted.file_id,
            to_department=elsewhere.code,
            to_body=elsewhere.association,
            by=association,
            on=today(),
        )
    other = psp.notified(world, psp.granted(world, began), on=began)
    with acting(delegate):
        paths.propose_exit(
            other.file_id, ["lost_contact"], psp.REASONS, last_day=today() + timedelta(days=20), by=delegate, on=today()
        )


def _ended(world: World) -> None:
    """A path that ran to its term, a grant that nobody was told of, a request taken back."""
    association, delegate = world[Role.ASSOCIATION], world[Role.DELEGATE]
    began = today() - timedelta(days=190)
    over = psp.notified(world, psp.granted(world, began), on=began)
    with acting(delegate):
        paths.end_at_term(over.file_id, by=delegate, on=today())
    psp.granted(world, today())
    back = psp.filed(world, on=today())
    with acting(association):
        filing.withdraw(back.pk, by=association, on=today())


def _refused(world: World) -> None:
    """A refusal notified, before the court."""
    refused, by = psp.refused_notified(world, on=today()), world[Role.ASSOCIATION]
    with acting(by):
        appeals.lodge(refused.pk, AppealKind.TRIBUNAL, "Des faits inventés.", by=by, filed_on=today(), on=today())


def _old(world: World) -> None:
    """A file closed long ago, whose purge is announced."""
    by, long_ago = world[Role.ASSOCIATION], today() - timedelta(days=1200)
    request = psp.filed(world, on=long_ago)
    with acting(by):
        filing.withdraw(request.pk, by=by, on=long_ago)
        paths.close(request.file_id, by=by, on=long_ago)
    call_command("nightly", departement=world.code, faire=True, stdout=StringIO())


def _met(world: World) -> Desk:
    """A session with its minutes, one whose opinions wait, one of today, one to come, and requests that wait."""
    desk = Desk(world)
    heard, (item,) = desk.held_with(psp.complete(world, on=today()))
    desk.opine(item)
    with acting(desk.delegate):
        minutes.sign(heard.pk, chair=desk.prefect.pk, other_business="", by=desk.delegate, on=today())
    desk.held_with(psp.complete(world, on=today()))
    coming = desk.convene(today() + timedelta(days=3))
    desk.put(coming, psp.complete(world, on=today()))
    desk.settle(rules.Settings(convocation_days=0, quorum=2))
    desk.convene()
    world.new(Role.MEMBER, body=world.body(Body.Kind.HEALTH))  # not called yet
    psp.complete(world, on=today())
    return desk
