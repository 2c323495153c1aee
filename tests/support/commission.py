"""A commission at work, for the tests: members called, complete requests waiting, a session and its agenda."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID

from django.utils import timezone

from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.commissions import rules
from egide_registry.commissions.actions import agenda, calling, sitting
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.psp.actions import examining, filing
from egide_registry.psp.models import File, Request
from egide_registry.psp.rules.states import RequestState
from support.registry import World, acting, today

SOON = rules.Settings(convocation_days=0)


class Desk:
    """The secretariat of a commission of three: a court, the police, a member of the association that files."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.delegate = world[Role.DELEGATE]
        self.prefect = world[Role.PREFECT]
        self.court = world.new(Role.MEMBER, body=world.body(Body.Kind.JUSTICE))
        self.police = world.new(Role.MEMBER, body=world.body(Body.Kind.POLICE))
        self.friend = world.new(Role.MEMBER, body=world.association)
        self.settle(SOON)

    @property
    def members(self) -> tuple[Mandate, ...]:
        return self.court, self.police, self.friend

    def settle(self, settings: rules.Settings) -> None:
        with acting(self.delegate):
            calling.set_settings(settings, by=self.delegate)

    def complete_request(self, *, on: date | None = None) -> Request:
        """A request that the association filed and the delegate declared complete; its answers are left out."""
        by, on = self.world[Role.ASSOCIATION], on or today()
        with acting(by):
            request = filing.open_file(by=by, now=timezone.now())
            request.state, request.filed_on = RequestState.FILED, on
            request.save(update_fields=["state", "filed_on"])
            File.objects.filter(pk=request.file_id).update(filed_on=on)
        with acting(self.delegate):
            examining.declare_complete(request.pk, by=self.delegate, on=on)
        return request

    def convene(
        self,
        held_on: date | None = None,
        *,
        formation: Session.Formation = Session.Formation.PSP,
        on: date | None = None,
    ) -> Session:
        held_on = held_on or today()
        with acting(self.delegate):
            return calling.convene(
                formation=formation,
                held_on=held_on,
                starts_at=time(14, 30),
                place="Salle des essais",
                by=self.delegate,
                on=on or min(held_on, today()) - timedelta(days=1),
            )

    def put(self, session: Session, *requests: Request, on: date | None = None) -> list[Item]:
        with acting(self.delegate):
            return agenda.add(session.pk, [one.pk for one in requests], by=self.delegate, on=on or today())

    def attend(self, session: Session, present: Sequence[Mandate], *, excused: Sequence[Mandate] = ()) -> None:
        """Write everybody's presence: those not named are absent."""
        states = {one.pk: Convocation.Presence.PRESENT for one in present}
        states |= {one.pk: Convocation.Presence.EXCUSED for one in excused}
        with acting(self.delegate):
            presences = {
                one.pk: states.get(one.mandate_id, Convocation.Presence.ABSENT) for one in session.convocations.all()
            }
            sitting.record_presence(session.pk, presences, by=self.delegate)

    def hold(self, session: Session, *, on: date | None = None) -> None:
        with acting(self.delegate):
            sitting.hold(session.pk, by=self.delegate, on=on or today())

    def opine(
        self,
        item: Item,
        opinion: Item.Opinion = Item.Opinion.FAVOURABLE,
        *,
        votes: tuple[int, int, int] | None = (2, 0, 0),
        reasons: str = "Le projet est précis.",
    ) -> Item:
        counted = votes and rules.Votes(in_favour=votes[0], against=votes[1], abstained=votes[2])
        with acting(self.delegate):
            return sitting.record_opinion(
                item.pk, opinion, votes=counted or None, reasons=reasons, by=self.delegate, on=today()
            )

    def held_with(self, *requests: Request) -> tuple[Session, list[Item]]:
        """A session of today, held with all three, with these requests on its agenda."""
        session = self.convene()
        items = self.put(session, *requests)
        self.attend(session, self.members)
        self.hold(session)
        return session, items

    def state_of(self, request: Request) -> str:
        with acting(self.delegate):
            return str(Request.objects.get(pk=request.pk).state)

    def reads(self, member: Mandate) -> set[UUID]:
        """The files that the database shows to a member."""
        with acting(member):
            return set(File.objects.values_list("pk", flat=True))
