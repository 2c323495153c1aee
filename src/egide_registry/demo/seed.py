"""The department of the demo and its neighbour, made by the same acts as the real ones, in the order of their days.

The same seed gives the same names, answers and days before today; keys, identifiers and the journal's moments differ.
"""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from attrs import frozen

from egide_registry.accounts.models import Department
from egide_registry.commissions.models import Item, Session
from egide_registry.demo import accounts, answers, stories
from egide_registry.demo.accounts import Place
from egide_registry.demo.acting import acting, without_letters
from egide_registry.demo.acts import Desk, Life
from egide_registry.demo.stories import Story
from egide_registry.psp.actions import transfers

FAVOURABLE, UNFAVOURABLE, DEFERRED = Item.Opinion.FAVOURABLE, Item.Opinion.UNFAVOURABLE, Item.Opinion.DEFERRED
OPINIONS = {"refuse": UNFAVOURABLE, "against": UNFAVOURABLE, "refused": UNFAVOURABLE, "to_confirm": UNFAVOURABLE}
OPINIONS["deferred"] = DEFERRED

# When, the order among the acts of one day, what.
Event = tuple[int, int, Callable[[], None]]


@frozen(kw_only=True)
class Seeded:
    """What was made: the two departments, and each story with the life it became."""

    here: Place
    neighbour: Place
    lives: tuple[tuple[Story, Life], ...]


def empty() -> bool:
    """Whether nothing was seeded here yet."""
    return not Department.objects.filter(pk__in=[code for code, _ in accounts.PLACES]).exists()


def seed(*, on: date) -> Seeded:
    """Fill an empty database, as of a day. Half a minute."""
    chance = Random(accounts.SEED)
    with without_letters():
        here, neighbour = (accounts.found(number, chance, on=on) for number in (0, 1))
        desk = Desk(place=here, on=on, chance=chance, delegate="delegation", prefect="prefet")
        beside = Desk(place=neighbour, on=on, chance=chance, delegate="voisin-delegation", prefect="voisin-prefet")
        lives = _live(desk, stories.HERE)
        moved = next(life for story, life in lives if story is stories.MOVED)
        arriving = _live(beside, stories.NEIGHBOUR)[0][1]
        _hand_over(desk, beside, moved)
        _ask(beside, desk, arriving)
        with acting(desk.by(desk.delegate)):
            desk.convene(-40, [], formation=Session.Formation.MINORS)
    return Seeded(here=here, neighbour=neighbour, lives=tuple(lives))


def _live(desk: Desk, told: Sequence[Story]) -> list[tuple[Story, Life]]:
    """Every event of these stories, the oldest first."""
    lives = [
        (story, Life(asso=story.asso, said=answers.person(desk.chance, on=desk.on, outcomes=story.outcomes)))
        for story in told
    ]
    events: list[Event] = []
    for days in stories.SESSIONS:
        heard = [(story, life) for story, life in lives if days in story.heard]
        if heard:
            events += _session(desk, days, heard)
    for story, life in lives:
        events += [(days, 3, _step(desk, life, act)) for days, act in story.then]
    if told is stories.HERE:
        events.append((stories.CANCELLED + 25, 0, lambda: desk.cancelled(stories.CANCELLED)))
        events += [(days, 4, _night(desk, days)) for days in stories.NIGHTS]
    for _, _, act in sorted(events, key=lambda event: (-event[0], event[1])):
        act()
    return lives


def _step(desk: Desk, life: Life, act: Callable[[Desk, Life], None]) -> Callable[[], None]:
    return lambda: act(desk, life)


def _night(desk: Desk, days: int) -> Callable[[], None]:
    return lambda: desk.night(days)


def _session(desk: Desk, days: int, heard: Sequence[tuple[Story, Life]]) -> list[Event]:
    """Requests written for one session, the session, and what comes of it."""

    def prepare() -> None:
        for _, life in heard:
            desk.file(life, days + 60)

    def complete() -> None:
        for _, life in heard:
            desk.complete(life, days + 40)

    def sit() -> None:
        if days < 0:
            desk.convene(days, [life for _, life in heard])
        else:
            desk.sit(days, [(life, OPINIONS.get(_result(story, days), FAVOURABLE)) for story, life in heard])

    def decide() -> None:
        for story, life in heard:
            result = _result(story, days)
            if result in ("grant", "to_notify"):
                desk.grant(life, days - 10)
            elif result in ("refuse", "refused"):
                desk.refuse(life, days - 10)
            elif result == "to_confirm":
                desk.propose_refusal(life, days - 10)

    def notify() -> None:
        for story, life in heard:
            if _result(story, days) in ("grant", "refuse"):
                desk.notify(life, days - 17)

    if days < 0:
        return [(days + 60, 0, prepare), (days + 40, 0, complete), (days + 15, 0, sit)]
    return [
        (days + 60, 0, prepare),
        (days + 40, 0, complete),
        (days, 0, sit),
        (days - 10, 1, decide),
        (days - 17, 2, notify),
    ]


def _result(story: Story, days: int) -> str:
    """What a session leads to for one request."""
    if len(story.heard) > 1 and days == story.heard[0]:
        return story.first
    return story.last if days == story.heard[-1] else "grant"


def _hand_over(desk: Desk, beside: Desk, life: Life) -> None:
    """A file follows its person to the neighbour."""
    body = beside.place.bodies["association"]
    with acting(desk.by(life.asso)) as by:
        asked = transfers.ask(life.known(), to_department=beside.place.code, to_body=body, by=by, on=desk.day(40))
    with acting(beside.by(beside.delegate)) as by:
        transfers.answer(asked.pk, "accept", by=by, on=desk.day(35))
    with acting(desk.by(desk.delegate)) as by:
        transfers.hand_over(asked.pk, by=by, on=desk.day(30))


def _ask(beside: Desk, desk: Desk, life: Life) -> None:
    """The neighbour asks us to take a file: nobody has answered."""
    body = desk.place.bodies["association"]
    with acting(beside.by(life.asso)) as by:
        transfers.ask(life.known(), to_department=desk.place.code, to_body=body, by=by, on=desk.day(3))
