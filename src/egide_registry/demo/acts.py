"""The acts of the people of the demo, each under the name of who does it, on a day counted back from today."""

from collections.abc import Sequence
from datetime import date, time
from random import Random
from uuid import UUID

from attrs import define, frozen

from egide_registry.accounts.models import Mandate
from egide_registry.commissions import rules
from egide_registry.commissions.actions import agenda, calling, minutes, sitting
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.demo import answers
from egide_registry.demo.accounts import Place
from egide_registry.demo.acting import acting, ago, noon
from egide_registry.psp.actions import appeals, deciding, examining, filing, outcomes, paths, rights
from egide_registry.psp.models import Decision, Request
from egide_registry.psp.rules.outcomes import Housing, Moment, Residence, Work
from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealKind, RequestState
from egide_registry.retention import actions as retention

PROOF = answers.document()


@define
class Life:
    """One person of the demo: what she answers, her file and her last request once there are any."""

    asso: str  # slug of the account that helps her
    said: answers.Answers
    file: UUID | None = None
    request: UUID | None = None
    appeal: UUID | None = None

    def known(self) -> UUID:
        """The file. Raises before it is opened."""
        if self.file is None:
            raise LookupError("no file yet")
        return self.file

    def last(self) -> UUID:
        """The last request. Raises before there is one."""
        if self.request is None:
            raise LookupError("no request yet")
        return self.request


@frozen(kw_only=True)
class Desk:
    """A department at work. Every day is a number of days before `on`, negative for a day to come."""

    place: Place
    on: date
    chance: Random
    delegate: str
    prefect: str

    def day(self, days: int) -> date:
        return ago(self.on, days)

    def by(self, slug: str) -> Mandate:
        return self.place.mandates[slug]

    # ---------------------------------------------------------------- the association

    def draft(self, life: Life, days: int, *, sections: int | None = None) -> None:
        """Open a file, or begin a renewal, and answer the first pages (all of them, if no number is given)."""
        by, day = self.by(life.asso), self.day(days)
        with acting(by):
            if life.file is None:
                request = filing.open_file(by=by, now=noon(day))
                said = life.said
            else:
                request = filing.start_renewal(life.file, by=by, now=noon(day))
                said = answers.renewal(life.said)
            life.file, life.request = request.file_id, request.pk
            for section, given in list(answers.signed(said, day).items())[:sections]:
                defects = filing.save_section(request.pk, section, given, by=by, now=noon(day))
                if defects:
                    raise ValueError(f"{section}: {[str(one) for one in defects]}")
        if sections is None:
            for kind in filing.NEEDED[Request.Kind(request.kind)]:
                self.join(life, kind, days, by=life.asso)

    def join(self, life: Life, kind: str, days: int, *, by: str) -> UUID:
        """Join a document to the last request."""
        mandate = self.by(by)
        with acting(mandate):
            row, _ = filing.add_document(
                life.known(), kind, "exemple.pdf", PROOF, by=mandate, on=self.day(days), request_id=life.last()
            )
        return row.pk

    def file(self, life: Life, days: int) -> None:
        """A request, written and filed the same day."""
        self.draft(life, days)
        with acting(self.by(life.asso)) as by:
            filing.file_request(life.last(), by=by, on=self.day(days))

    def right(
        self,
        life: Life,
        asked: int,
        kind: RightKind,
        *,
        granted: int | None = None,
        effective: int | None = None,
        ends: int | None = None,
    ) -> None:
        """A right with the days that are known of it."""
        said = {"granted_on": granted, "effective_on": effective, "ends_on": ends}
        with acting(self.by(life.asso)) as by:
            row = rights.ask(life.known(), kind, asked_on=self.day(asked), by=by)
            days = {name: self.day(value) for name, value in said.items() if value is not None}
            if days:
                rights.date_right(row.pk, by=by, **days)

    def outcome(self, life: Life, days: int, moment: Moment) -> None:
        """Where the person stands, on a day."""
        with acting(self.by(life.asso)) as by:
            outcomes.record(
                life.known(),
                moment,
                work=self.chance.choice((Work.PERMANENT, Work.FIXED_TERM, Work.TRAINING, Work.SEARCHING)),
                housing=self.chance.choice((Housing.SOCIAL, Housing.INTERMEDIATED, Housing.CHRS)),
                residence=self.chance.choice((Residence.TEMPORARY, Residence.MULTI_YEAR, Residence.APS)),
                by=by,
                on=self.day(days),
            )

    # ---------------------------------------------------------------- the secretariat of the commission

    def ask_pieces(self, life: Life, days: int) -> None:
        with acting(self.by(self.delegate)) as by:
            examining.ask_pieces(life.last(), "Agrément de l’association.", by=by, on=self.day(days))

    def complete(self, life: Life, days: int) -> None:
        with acting(self.by(self.delegate)) as by:
            examining.declare_complete(life.last(), by=by, on=self.day(days))

    def convene(
        self, days: int, lives: Sequence[Life], *, formation: Session.Formation = Session.Formation.PSP
    ) -> list[Item]:
        """Call a session with the delay of the department, and put these requests on its agenda."""
        with acting(self.by(self.delegate)) as by:
            session = calling.convene(
                formation=formation,
                held_on=self.day(days),
                starts_at=time(14),
                place="Salle d’exemple",
                by=by,
                on=self.day(days + 25),
            )
            if not lives:
                return []
            return agenda.add(session.pk, [life.last() for life in lives], by=by, on=self.day(days + 15))

    def cancelled(self, days: int) -> None:
        """A session that was called and did not take place."""
        self.convene(days, [])
        with acting(self.by(self.delegate)) as by:
            session = Session.objects.get(held_on=self.day(days), state="convened")
            calling.cancel(session.pk, calling.Cancelled.MEMBERS, by=by, on=self.day(days + 2))

    def sit(self, days: int, heard: Sequence[tuple[Life, Item.Opinion]]) -> None:
        """A session: everyone is there, each request has its opinion, the minutes are signed three days later."""
        items = self.convene(days, [life for life, _ in heard])
        with acting(self.by(self.delegate)) as by:
            session = Session.objects.get(pk=items[0].session_id)
            seats = list(session.convocations.all())
            presences = {one.pk: Convocation.Presence.PRESENT for one in seats}
            sitting.record_presence(session.pk, presences, by=by)
            sitting.hold(session.pk, by=by, on=self.day(days))
            for item, (_, opinion) in zip(items, heard, strict=True):
                favourable = opinion == Item.Opinion.FAVOURABLE
                voices = rules.Votes(
                    in_favour=len(seats) if favourable else 0, against=0 if favourable else len(seats), abstained=0
                )
                sitting.record_opinion(
                    item.pk, opinion, votes=voices, reasons="Avis d’exemple.", by=by, on=self.day(days)
                )
            minutes.sign(session.pk, chair=self.by(self.prefect).pk, other_business="", by=by, on=self.day(days - 3))

    # ---------------------------------------------------------------- the prefect

    def grant(self, life: Life, days: int) -> None:
        with acting(self.by(self.prefect)) as by:
            deciding.grant(life.last(), by=by, on=self.day(days))

    def propose_refusal(self, life: Life, days: int) -> None:
        with acting(self.by(self.delegate)) as by:
            deciding.propose_refusal(life.last(), ["not_victim"], answers.REASONS, by=by, on=self.day(days))

    def refuse(self, life: Life, days: int) -> None:
        """A refusal by two persons, the same day."""
        self.propose_refusal(life, days)
        with acting(self.by(self.prefect)) as by:
            deciding.confirm_refusal(life.last(), by=by, on=self.day(days))

    def notify(self, life: Life, days: int) -> None:
        """Put the decision in the hands of the person, with its proof."""
        proof = self.join(life, "notification", days, by=self.delegate)
        with acting(self.by(self.delegate)) as by:
            day = self.day(days)
            deciding.notify(life.last(), means=Decision.Means.HAND, proof=proof, notified_on=day, by=by, on=day)

    # ---------------------------------------------------------------- what follows a decision

    def lodge(self, life: Life, days: int, kind: AppealKind) -> None:
        """An appeal, recorded by the association."""
        with acting(self.by(life.asso)) as by:
            day = self.day(days)
            life.appeal = appeals.lodge(life.last(), kind, "Recours d’exemple.", by=by, filed_on=day, on=day).pk

    def appeal(self, life: Life, days: int, code: str) -> None:
        """One step of the appeal."""
        if life.appeal is None:
            raise LookupError("no appeal yet")
        with acting(self.by(self.prefect)) as by:
            appeals.act(life.appeal, code, by=by, on=self.day(days))

    def close_request(self, life: Life, days: int) -> None:
        with acting(self.by(self.delegate)) as by:
            deciding.close(life.last(), by=by, on=self.day(days))

    def withdraw(self, life: Life, days: int) -> None:
        with acting(self.by(life.asso)) as by:
            filing.withdraw(life.last(), by=by, on=self.day(days))

    def suspend(self, life: Life, days: int, *, until: int) -> None:
        with acting(self.by(self.delegate)) as by:
            paths.suspend(
                life.known(),
                starts_on=self.day(days),
                ends_on=self.day(until),
                words="Suspension d’exemple.",
                by=by,
                on=self.day(days),
            )

    def end_at_term(self, life: Life, days: int) -> None:
        with acting(self.by(self.delegate)) as by:
            paths.end_at_term(life.known(), by=by, on=self.day(days))

    def end_on_request(self, life: Life, days: int) -> None:
        with acting(self.by(life.asso)) as by:
            paths.end_on_request(life.known(), last_day=self.day(days), by=by, on=self.day(days))

    def propose_exit(self, life: Life, days: int, *, last: int) -> None:
        with acting(self.by(self.delegate)) as by:
            paths.propose_exit(
                life.known(), ["lost_contact"], answers.REASONS, last_day=self.day(last), by=by, on=self.day(days)
            )

    def confirm_exit(self, life: Life, days: int) -> None:
        with acting(self.by(self.prefect)) as by:
            paths.confirm_exit(life.known(), by=by, on=self.day(days))

    def close(self, life: Life, days: int) -> None:
        """Close the file, once the prefecture has closed the requests that were granted."""
        with acting(self.by(self.delegate)) as by:
            for request in Request.objects.filter(file=life.known(), state=RequestState.GRANT_NOTIFIED):
                deciding.close(request.pk, by=by, on=self.day(days))
        with acting(self.by(life.asso)) as by:
            paths.close(life.known(), by=by, on=self.day(days))

    def night(self, days: int) -> None:
        """The nightly work of that day: announcements and purges."""
        now = noon(self.day(days))
        for person, mandate, department in retention.keepers():
            if department == self.place.code:
                with retention.as_keeper(person, mandate) as by:
                    retention.carry_out(retention.plan(by=by, now=now), by=by, now=now)
