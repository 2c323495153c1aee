"""Periods of a path: six months each, never two at once, twenty-four months in all. Days are included at both ends.

Lengths are read from the dated law (`egide.reference.legal`). Source: docs/methods/psp-periods.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve, frozen

from egide.errors import Defect
from egide.reference import legal
from egide_registry.psp.rules.calendar import DAY, french, last_day, whole_months
from egide_registry.psp.rules.refusals import refuse_if

DAYS_OF_A_MONTH = 30  # odd days of several periods are added up by thirties


@frozen(order=True)
class Length:
    """A time in months of thirty days, for adding up periods; never used to find the end of one."""

    days: int

    @classmethod
    def of(cls, months: int, days: int = 0) -> Length:
        return cls(months * DAYS_OF_A_MONTH + days)

    @property
    def whole(self) -> tuple[int, int]:
        """Months and odd days."""
        return divmod(self.days, DAYS_OF_A_MONTH)

    def text(self) -> str:
        months, days = self.whole
        parts = [f"{months} mois"] if months or not days else []
        parts += [f"{days} jour{'s' if days > 1 else ''}"] if days else []
        return " et ".join(parts)


@frozen(kw_only=True)
class Suspension:
    """Days during which the path stands still. One that is not lifted yet ends, for now, with its period."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@frozen(kw_only=True)
class Period:
    """One period, granted by one decision. `ends_on` is its last day as it is now: pushed, or cut by an early exit."""

    starts_on: date
    ends_on: date
    ended_early: bool = False
    suspensions: tuple[Suspension, ...] = ()


@frozen(kw_only=True)
class Gap:
    """Days between two periods, when the person had no path and so no right from it."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def first_term(on: date) -> date:
    """The last day of a whole period that begins on a day. Raises NoRule before the law."""
    return last_day(on, legal.path_term(on).period_months)


def ordered(periods: Sequence[Period]) -> list[Period]:
    return sorted(periods, key=lambda period: period.starts_on)


def months_used(periods: Sequence[Period], *, suspension_extends: bool = False) -> Length:
    """The time spent in the path, all periods together. Suspended days count unless they push back the end."""
    return Length(sum(_used(period, suspension_extends).days for period in periods))


def months_left(periods: Sequence[Period], *, on: date, suspension_extends: bool = False) -> Length:
    """What the law of a day still allows. Never negative: going past the cap is a defect, see `check_periods`."""
    cap = Length.of(legal.path_term(on).max_months)
    return Length(max(0, cap.days - months_used(periods, suspension_extends=suspension_extends).days))


def gaps(periods: Sequence[Period]) -> tuple[Gap, ...]:
    """The holes between periods that follow each other, in order."""
    return tuple(
        Gap(starts_on=before.ends_on + DAY, ends_on=after.starts_on - DAY)
        for before, after in pairwise(ordered(periods))
        if after.starts_on > before.ends_on + DAY
    )


def next_period(
    periods: Sequence[Period], *, starts_on: date | None = None, suspension_extends: bool = False
) -> Period:
    """The period that a grant opens.

    In:      the earlier periods, and the first day; None: the day after the last period, so that there is no gap.
    Out:     six months, or what is left under the cap when it is less.
    Refuses: a first period without a day, a day inside an earlier period, a cap already reached, earlier defects.
    """
    refuse_if(check_periods(periods, suspension_extends=suspension_extends))
    follows = ordered(periods)[-1].ends_on + DAY if periods else None
    start = starts_on or follows
    if start is None:
        raise ValueError("a first period needs its first day")
    refuse_if(_too_soon(start, follows))
    left = months_left(periods, on=start, suspension_extends=suspension_extends)
    refuse_if(_cap_reached(left, start))
    return Period(starts_on=start, ends_on=_term(start, left))


def end_early(period: Period, *, last: date) -> Period:
    """The period cut so that `last` is its last day. Suspensions are cut with it. Refuses a day outside the period."""
    if not period.starts_on <= last <= period.ends_on:
        refuse_if([_outside("sortie anticipée", period, last)])
    kept = tuple(evolve(one, ends_on=min(one.ends_on, last)) for one in period.suspensions if one.starts_on <= last)
    return evolve(period, ends_on=last, ended_early=True, suspensions=kept)


def suspend(period: Period, suspension: Suspension, *, suspension_extends: bool = False) -> Period:
    """The period with one more suspension, and its end pushed back if the setting says so. Refuses overlapping ones."""
    refuse_if(
        [
            *_suspension_defects(evolve(period, suspensions=(suspension,)), "période"),
            *(
                _overlapping_suspensions(other, suspension, "période")
                for other in period.suspensions
                if other.starts_on <= suspension.ends_on and suspension.starts_on <= other.ends_on
            ),
        ]
    )
    pushed = timedelta(days=suspension.days if suspension_extends else 0)
    return evolve(period, ends_on=period.ends_on + pushed, suspensions=(*period.suspensions, suspension))


def check_periods(periods: Sequence[Period], *, suspension_extends: bool = False) -> tuple[Defect, ...]:
    """Everything wrong with the periods of a file, in order of their first days. Empty when they are right."""
    return tuple(_defects(ordered(periods), suspension_extends))


def _term(start: date, left: Length) -> date:
    months, days = left.whole
    return min(first_term(start), last_day(start, months) + timedelta(days=days))


def _used(period: Period, suspension_extends: bool) -> Length:
    stood_still = sum(one.days for one in period.suspensions) if suspension_extends else 0
    return Length.of(*whole_months(period.starts_on, period.ends_on - timedelta(days=stood_still)))


def _defects(periods: list[Period], suspension_extends: bool) -> Iterator[Defect]:
    for number, period in enumerate(periods, start=1):
        place = f"période {number} ({french(period.starts_on)} – {french(period.ends_on)})"
        if period.ends_on < period.starts_on:
            yield _defect(place, "un dernier jour après le premier", french(period.ends_on), "Corrigez les dates.")
            continue
        yield from _suspension_defects(period, place)
        yield from (
            _overlapping_suspensions(before, after, place)
            for before, after in pairwise(sorted(period.suspensions, key=lambda one: one.starts_on))
            if after.starts_on <= before.ends_on
        )
        earlier = periods[: number - 1]
        if earlier and (last := max(one.ends_on for one in earlier)) >= period.starts_on:
            way_out = "Deux périodes ne se chevauchent jamais : corrigez les dates."
            yield _defect(place, f"un premier jour après le {french(last)}", french(period.starts_on), way_out)
        yield from _length_defects(period, earlier, place, suspension_extends)


def _length_defects(period: Period, earlier: list[Period], place: str, extends: bool) -> Iterator[Defect]:
    left = months_left(earlier, on=period.starts_on, suspension_extends=extends)
    pushed = timedelta(days=sum(one.days for one in period.suspensions) if extends else 0)
    whole, allowed = first_term(period.starts_on) + pushed, _term(period.starts_on, left) + pushed
    if period.ends_on > whole:
        months = legal.path_term(period.starts_on).period_months
        expected = f"{months} mois au plus, jusqu’au {french(whole)}"
        yield _defect(place, expected, french(period.ends_on), "Accordez un renouvellement pour la suite.")
    if period.ends_on > allowed and allowed < whole:
        months = legal.path_term(period.starts_on).max_months
        expected = f"{months} mois au plus en tout, soit encore {left.text()}"
        got = _used(period, extends).text()
        yield _defect(place, expected, got, "Raccourcissez la période, ou n’en accordez pas.")
    if period.ends_on < allowed and not period.ended_early:
        got = french(period.ends_on)
        yield _defect(place, f"une fin le {french(allowed)}", got, "Corrigez, ou consignez une sortie anticipée.")


def _suspension_defects(period: Period, place: str) -> Iterator[Defect]:
    for one in period.suspensions:
        got = f"{french(one.starts_on)} – {french(one.ends_on)}"
        if one.ends_on < one.starts_on:
            yield _defect(f"{place}, suspension", "une fin après le début", got, "Corrigez les dates.")
        elif not period.starts_on <= one.starts_on <= one.ends_on <= period.ends_on:
            expected = f"des jours entre le {french(period.starts_on)} et le {french(period.ends_on)}"
            yield _defect(f"{place}, suspension", expected, got, "Une suspension reste dans sa période.")


def _overlapping_suspensions(before: Suspension, after: Suspension, place: str) -> Defect:
    expected = f"un début après le {french(before.ends_on)}"
    return _defect(f"{place}, suspension", expected, french(after.starts_on), "Réunissez les deux suspensions.")


def _too_soon(start: date, follows: date | None) -> Iterator[Defect]:
    if follows is not None and start < follows:
        way_out = "Une nouvelle période commence après la précédente."
        yield _defect("début du renouvellement", f"le {french(follows)} ou après", french(start), way_out)


def _cap_reached(left: Length, start: date) -> Iterator[Defect]:
    if not left.days:
        months = legal.path_term(start).max_months
        way_out = "La durée maximale est atteinte : aucun renouvellement n’est possible."
        yield _defect("durée du parcours", f"{months} mois au plus en tout", f"{months} mois déjà accomplis", way_out)


def _outside(place: str, period: Period, day: date) -> Defect:
    expected = f"un jour entre le {french(period.starts_on)} et le {french(period.ends_on)}"
    return _defect(place, expected, french(day), "Corrigez la date, ou choisissez la bonne période.")


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)
