"""Where the person stands at the end, and six and twelve months later if she agreed to be asked. Codes only."""

from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, safe_of, settings_of, touch
from egide_registry.psp.actions.filing import answers_of
from egide_registry.psp.models import File, Outcome
from egide_registry.psp.rules import forms
from egide_registry.psp.rules import outcomes as rules
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import FileState, RequestState


def agreed(file: File, by: Mandate) -> bool:
    """Whether the last request that was filed says that the person may be called again."""
    request = file.requests.exclude(state=RequestState.DRAFT).order_by("-filed_on").first()
    if request is None:
        return False
    answers = answers_of(request, safe_of(file.pk, by))
    given = forms.consents(forms.schema_of(answers), answers.answers)
    return "outcomes" in {one.consent.id for one in given}


def dues_of(file: File, by: Mandate) -> tuple[rules.Due, ...]:
    """The outcomes to record for a file whose path ended; none before."""
    if file.state not in (FileState.ENDED, FileState.CLOSED):
        return ()
    last = file.periods.order_by("-ends_on").first()
    if last is None:
        return ()
    return rules.dues(last.ends_on, agreed=agreed(file, by), settings=settings_of(by.department_id))


@transaction.atomic
def record(
    file_id: UUID,
    moment: rules.Moment,
    *,
    work: rules.Work,
    housing: rules.Housing,
    residence: rules.Residence,
    by: Mandate,
    on: date,
) -> Outcome:
    """Record one outcome, in its window. Refuses another day, another moment, or a second answer."""
    check_role(by, Role.ASSOCIATION)
    file = locked(File, file_id)
    recorded = [rules.Moment(one) for one in file.outcomes.values_list("moment", flat=True)]
    open_now = {due.moment for due in rules.to_record(dues_of(file, by), recorded, on=on)}
    if moment not in open_now:
        got, way_out = (
            f"«\u00a0{rules.MOMENT_LABELS[moment]}\u00a0»",
            "Revenez entre les jours indiqués sur le dossier.",
        )
        expected = "une situation à relever aujourd’hui"
        refuse_if([Defect(place="situation relevée", expected=expected, got=got, way_out=way_out)])
    row = Outcome(id=uuid4(), file=file, moment=moment, work=work, housing=housing, residence=residence, recorded_on=on)
    row.save(force_insert=True)
    touch(file, on)
    audit.record(Event.OUTCOME_RECORDED, by=by, subject=file.pk, moment=moment)
    return row
