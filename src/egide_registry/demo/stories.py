"""What happened to each person of the demo. Days are counted back from today; those of a session name it.

A request is filed sixty days before its session, complete forty days before; the prefect decides ten days after it,
and the decision is notified a week later. `Story` says where it ends: a test holds the seed to it.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from egide_registry.demo.acts import Desk, Life
from egide_registry.psp.rules.outcomes import Moment
from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealKind, FileState, RequestState

F, R = FileState, RequestState
A, B = "association", "association2"
SESSIONS = (1130, 945, 760, 575, 390, 205, 120, 20, -12)
CANCELLED = 100
NIGHTS = (45, 10)  # of the purge: one file announced and gone, another announced

Step = tuple[int, Callable[[Desk, Life], None]]


def at(days: int, act: Callable[..., None], *args: Any, **more: Any) -> Step:
    """An act on a day."""
    return days, lambda desk, life: act(desk, life, days, *args, **more)


@frozen(kw_only=True)
class Story:
    """`heard`: the sessions of her first request and of each renewal. `then`: what follows the last, or the first."""

    asso: str
    heard: tuple[int, ...] = ()
    first: str = "grant"  # what the first session leads to
    last: str = "grant"  # and the last one
    then: tuple[Step, ...] = ()
    outcomes: bool = True  # she agreed to be called again
    file: FileState = F.IN_PATH
    request: RequestState | None = R.GRANT_NOTIFIED


def rights(granted: int, *, aps_ends: int) -> tuple[Step, ...]:
    """The usual rights of a path: all effective within two months of the decision."""
    return (
        at(granted, Desk.right, RightKind.APS, granted=granted - 8, effective=granted - 12, ends=aps_ends),
        at(granted, Desk.right, RightKind.AFIS, granted=granted - 6, effective=granted - 40),
        at(granted, Desk.right, RightKind.SUPPORT, granted=granted - 2, effective=granted - 2),
    )


def waits(granted: int, kind: RightKind) -> Step:
    """A right granted long ago and still not effective."""
    return at(granted, Desk.right, kind, granted=granted - 5)


ENDED = (
    Story(
        asso=A,
        heard=(1130,),
        then=(at(930, Desk.end_at_term), at(925, Desk.outcome, Moment.END), at(900, Desk.close)),
        file=F.PURGED,
        request=R.CLOSED,
    ),
    Story(
        asso=B,
        heard=(1130, 945, 760),
        then=(
            at(563, Desk.end_at_term),
            at(560, Desk.outcome, Moment.END),
            at(385, Desk.outcome, Moment.SIX),
            at(200, Desk.outcome, Moment.TWELVE),
            at(190, Desk.close),
        ),
        file=F.CLOSED,
        request=R.CLOSED,
    ),
    *(
        Story(
            asso=asso,
            heard=(945, 760, 575),
            then=(
                at(378, Desk.end_at_term),
                at(375, Desk.outcome, Moment.END),
                at(199, Desk.outcome, Moment.SIX),
            ),
            file=F.ENDED,
        )
        for asso in (A, B)
    ),
    *(
        Story(
            asso=asso,
            heard=(760, 575, 390),
            then=(at(193, Desk.end_at_term), at(185, Desk.outcome, Moment.END)),
            file=F.ENDED,
        )
        for asso in (A, B)
    ),
    Story(
        asso=B,
        heard=(760, 575, 390),
        outcomes=False,
        then=(at(193, Desk.end_at_term), at(185, Desk.outcome, Moment.END), at(150, Desk.close)),
        file=F.CLOSED,
        request=R.CLOSED,
    ),
    Story(asso=A, heard=(575, 390), then=(at(300, Desk.end_on_request),), file=F.ENDED),
    Story(
        asso=B,
        heard=(390,),
        then=(at(280, Desk.propose_exit, last=260), at(270, Desk.confirm_exit), at(200, Desk.close)),
        file=F.CLOSED,
        request=R.CLOSED,
    ),
)

IN_PATH = (
    Story(
        asso=A,
        heard=(205, 20),
        then=(*rights(195, aps_ends=13), at(2, Desk.propose_exit, last=-10)),
        file=F.EXIT_PROPOSED,
    ),
    *(Story(asso=asso, heard=(575, 390, 205, 20), then=rights(565, aps_ends=-150)) for asso in (A, B)),
    Story(asso=A, heard=(390, 205, 20), then=(*rights(380, aps_ends=-150), waits(80, RightKind.HOUSING))),
    Story(asso=B, heard=(390, 205, 20), then=rights(380, aps_ends=-150)),
    Story(asso=A, heard=(205, 20), then=(*rights(195, aps_ends=-150), at(5, Desk.suspend, until=-10))),
    Story(asso=B, heard=(205, 20), then=(*rights(195, aps_ends=-150), waits(60, RightKind.HOUSING))),
    Story(asso=A, heard=(20,), then=(at(3, Desk.right, RightKind.APS), at(3, Desk.right, RightKind.AFIS))),
    Story(asso=B, heard=(20,), then=(at(9, Desk.right, RightKind.APS, granted=4),)),
    Story(asso=A, heard=(20,), last="to_notify", request=R.GRANTED),
    # An APS about to lapse, and the AFIS with it.
    Story(asso=A, heard=(120,), then=rights(110, aps_ends=-40)),
    Story(
        asso=B,
        heard=(120,),
        then=(*rights(110, aps_ends=-50), waits(85, RightKind.HOUSING), at(3, Desk.draft)),
        request=R.DRAFT,
    ),
    Story(asso=A, heard=(120,), then=(*rights(110, aps_ends=-60), at(6, Desk.file)), request=R.FILED),
    Story(
        asso=A, heard=(205, -12), last="scheduled", then=(at(11, Desk.end_at_term),), file=F.ENDED, request=R.SCHEDULED
    ),
    Story(
        asso=A,
        heard=(390, 205),
        first="refuse",
        then=(
            at(360, Desk.lodge, AppealKind.GRACIEUX),
            at(355, Desk.appeal, "register"),
            at(330, Desk.appeal, "accept"),
            at(325, Desk.grant),
            at(318, Desk.notify),
            *rights(310, aps_ends=-35),
        ),
    ),
)

REQUESTED = (
    *(Story(asso=asso, heard=(-12,), last="scheduled", file=F.OPEN, request=R.SCHEDULED) for asso in (A, B, A)),
    *(
        Story(asso=asso, heard=(20,), last=last, file=F.OPEN, request=R.OPINION_GIVEN)
        for asso, last in ((A, "to_decide"), (B, "to_decide"), (A, "against"))
    ),
    Story(asso=B, heard=(20,), last="to_confirm", file=F.OPEN, request=R.REFUSAL_PROPOSED),
    Story(asso=A, heard=(20,), last="refused", file=F.OPEN, request=R.REFUSED),
    Story(
        asso=B,
        heard=(20,),
        last="refuse",
        then=(at(2, Desk.lodge, AppealKind.GRACIEUX), at(1, Desk.appeal, "register")),
        file=F.OPEN,
        request=R.REFUSAL_NOTIFIED,
    ),
    Story(
        asso=A,
        heard=(205,),
        last="refuse",
        then=(at(150, Desk.lodge, AppealKind.TRIBUNAL), at(145, Desk.appeal, "register")),
        file=F.OPEN,
        request=R.REFUSAL_NOTIFIED,
    ),
    Story(
        asso=B,
        heard=(390,),
        last="refuse",
        then=(at(250, Desk.close_request), at(240, Desk.close)),
        file=F.CLOSED,
        request=R.CLOSED,
    ),
    Story(asso=A, heard=(20,), last="deferred", file=F.OPEN, request=R.COMPLETE),
    *(
        Story(asso=asso, then=(at(days, Desk.draft, sections=sections),), file=F.OPEN, request=R.DRAFT)
        for asso, days, sections in ((A, 2, 1), (B, 10, 3), (A, 25, None))
    ),
    *(
        Story(asso=asso, then=(at(days, Desk.file),), file=F.OPEN, request=R.FILED)
        for asso, days in ((A, 3), (B, 12), (A, 48))
    ),
    *(
        Story(asso=asso, then=(at(filed, Desk.file), at(asked, Desk.ask_pieces)), file=F.OPEN, request=R.INCOMPLETE)
        for asso, filed, asked in ((B, 20, 9), (A, 60, 41))
    ),
    *(
        Story(asso=asso, then=(at(filed, Desk.file), at(since, Desk.complete)), file=F.OPEN, request=R.COMPLETE)
        for asso, filed, since in ((A, 15, 5), (B, 110, 75))
    ),
    Story(
        asso=B,
        then=(at(100, Desk.file), at(70, Desk.withdraw), at(60, Desk.close)),
        file=F.CLOSED,
        request=R.WITHDRAWN,
    ),
)

# The last of these goes to the neighbour; one of the neighbour's is asked for here.
MOVED = Story(asso=B, heard=(120,), then=rights(110, aps_ends=-80))
HERE = (*ENDED, *IN_PATH, *REQUESTED, MOVED)
NEIGHBOUR = (
    Story(asso="voisin-association", heard=(120,), then=rights(110, aps_ends=-80)),
    Story(asso="voisin-association", then=(at(5, Desk.file),), file=F.OPEN, request=R.FILED),
)
