"""The acts of a session, one page each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.commissions import people, rules
from egide_registry.commissions.actions import agenda, calling, minutes, sitting
from egide_registry.commissions.forms import (
    AgendaForm,
    CancelForm,
    InterestForm,
    MinutesForm,
    OpinionForm,
    PresenceForm,
)
from egide_registry.commissions.models import Session
from egide_registry.commissions.views.common import (
    called_to,
    item_or_404,
    session_or_404,
    today,
)
from egide_registry.psp.views.acts import NothingToSay, act_page, bound, download

BOTH = require_http_methods(["GET", "POST"])


def _back(session_id: UUID) -> str:
    return reverse("commissions:session", args=[session_id])


@BOTH
@mandated(Role.DELEGATE)
def add(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Put requests that wait on the agenda."""
    by, on, session = request.mandate, today(), session_or_404(session_id)
    waiting = agenda.waiting(by.department_id)
    limit = calling.settings_of(by.department_id).files_per_session
    _, later = rules.split(waiting, taken=session.items.count(), limit=limit)
    intro = "" if limit is None else f"Limite réglée par votre département\u00a0: {limit} dossiers par séance."
    if later:
        intro += f" Au moins {len(later)} en attente d’une autre séance."
    return act_page(
        request,
        title="Inscrire des dossiers",
        form=AgendaForm(request.POST or None, waiting=waiting, on=on),
        run=lambda data: agenda.add(session_id, data["requests"], by=by, on=on),
        back=_back(session_id),
        done="Dossiers inscrits. Les membres convoqués peuvent les lire dès maintenant.",
        button="Inscrire",
        intro=intro.strip(),
    )


@BOTH
@mandated(Role.DELEGATE)
def remove(request: ActingRequest, item_id: UUID) -> HttpResponse:
    """Take a request off the agenda."""
    by, on, item = request.mandate, today(), item_or_404(item_id)
    return act_page(
        request,
        title=f"Retirer le dossier {item.file.reference}",
        form=bound(NothingToSay, request),
        run=lambda _: agenda.remove(item_id, by=by, on=on),
        back=_back(item.session_id),
        done="Dossier retiré. Il attend une autre séance.",
        button="Retirer de l’ordre du jour",
        intro="Les membres convoqués ne le liront plus. Il retourne en attente d’une séance.",
    )


@BOTH
@mandated(Role.MEMBER, Role.DELEGATE)
def interest(request: ActingRequest, item_id: UUID) -> HttpResponse:
    """A member leaves the room for one file: on their own word, or as the secretariat heard it."""
    by, on, item = request.mandate, today(), item_or_404(item_id)
    own = by.role == Role.MEMBER
    form: Any
    if own:
        form = bound(NothingToSay, request)
        intro = "Vous ne siégerez pas sur ce dossier. Dès maintenant, et sans retour, il ne vous sera plus ouvert."
    else:
        form = InterestForm(request.POST or None, called=called_to(item.session))
        intro = "Le membre ne siège pas sur ce dossier, et ne peut plus le lire."
    return act_page(
        request,
        title="Déclarer un intérêt" if own else f"Noter un déport, dossier {item.file.reference}",
        form=form,
        run=lambda data: agenda.declare_interest(item_id, by=by, on=on, of=data.get("member")),
        back=_back(item.session_id),
        done="Déport enregistré.",
        button="Je me retire de ce dossier" if own else "Enregistrer le déport",
        intro=intro,
    )


@BOTH
@mandated(Role.DELEGATE)
def newcomers(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Call who became a member since."""
    by, on = request.mandate, today()
    count = len(calling.uncalled(session_or_404(session_id)))
    return act_page(
        request,
        title="Convoquer les nouveaux membres",
        form=bound(NothingToSay, request),
        run=lambda _: calling.call_newcomers(session_id, by=by, on=on),
        back=_back(session_id),
        done="Convocations envoyées.",
        button="Convoquer",
        intro=f"Membres dont le mandat a commencé depuis la convocation\u00a0: {count}.",
    )


@BOTH
@mandated(Role.DELEGATE)
def presence(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Who is there."""
    by, session = request.mandate, session_or_404(session_id)
    form = PresenceForm(request.POST or None, called=called_to(session))
    return act_page(
        request,
        title="Noter les présences",
        form=form,
        run=lambda _: sitting.record_presence(session_id, form.presences(), by=by),
        back=_back(session_id),
        done="Présences enregistrées.",
        button="Enregistrer",
        intro="Une fois la tenue de la séance consignée, les présences ne changent plus.",
    )


@BOTH
@mandated(Role.DELEGATE)
def hold(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The session took place."""
    by, on = request.mandate, today()
    session_or_404(session_id)
    return act_page(
        request,
        title="Consigner la tenue de la séance",
        form=bound(NothingToSay, request),
        run=lambda _: sitting.hold(session_id, by=by, on=on),
        back=_back(session_id),
        done="Séance tenue. Consignez maintenant l’avis sur chaque dossier.",
        button="La séance s’est tenue",
        intro="Les présences et l’ordre du jour ne changeront plus.",
    )


@BOTH
@mandated(Role.DELEGATE)
def no_quorum(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Too few came."""
    by, on = request.mandate, today()
    session_or_404(session_id)
    return act_page(
        request,
        title="Constater l’absence de quorum",
        form=bound(NothingToSay, request),
        run=lambda _: sitting.note_no_quorum(session_id, by=by, on=on),
        back=_back(session_id),
        done="Absence de quorum constatée. Les dossiers attendent une autre séance.",
        button="Constater",
        intro="Les dossiers retournent en attente d’une séance, l’accès des membres se ferme ce soir.",
    )


@BOTH
@mandated(Role.DELEGATE)
def cancel(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The session will not take place."""
    by, on = request.mandate, today()
    session_or_404(session_id)
    return act_page(
        request,
        title="Annuler la séance",
        form=CancelForm(request.POST or None),
        run=lambda data: calling.cancel(session_id, data["reason"], by=by, on=on),
        back=_back(session_id),
        done="Séance annulée. Les dossiers attendent une autre séance.",
        button="Annuler la séance",
        intro="L’accès des membres aux dossiers se ferme aussitôt.",
    )


@BOTH
@mandated(Role.DELEGATE)
def opinion(request: ActingRequest, item_id: UUID) -> HttpResponse:
    """What the commission said of one request."""
    by, on, item = request.mandate, today(), item_or_404(item_id)
    form = OpinionForm(request.POST or None)
    most = rules.voters(sitting.seats_of(item.session), sitting.recused_of(item))
    return act_page(
        request,
        title=f"Consigner l’avis, dossier {item.file.reference}",
        form=form,
        run=lambda data: sitting.record_opinion(
            item_id, data["opinion"], votes=form.votes(), reasons=data["reasons"], by=by, on=on
        ),
        back=_back(item.session_id),
        done="Avis consigné.",
        button="Consigner l’avis",
        intro=f"Membres qui votent sur ce dossier (présents moins déportés)\u00a0: {most}.",
    )


@BOTH
@mandated(Role.DELEGATE)
def make_minutes(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Look at the minutes, then sign them once."""
    by, on, session = request.mandate, today(), session_or_404(session_id)
    named = [(one, people.name_of(one)) for one in minutes.chairs(session)]

    def run(data: dict[str, Any]) -> HttpResponse | Session:
        said = {"chair": data["chair"], "other_business": data["other_business"]}
        if "preview" in request.POST:
            return download(minutes.preview(session_id, by=by, **said), "apercu.pdf")
        return minutes.sign(session_id, by=by, on=on, **said)

    return act_page(
        request,
        title="Établir le procès-verbal",
        form=MinutesForm(request.POST or None, chairs=named),
        run=run,
        back=_back(session_id),
        done="Procès-verbal signé. Les membres ont reçu un message sans contenu, qui les invite à se connecter.",
        button="Signer définitivement",
        more="Télécharger l’aperçu",
        intro="Les dossiers y sont désignés par leur référence seule.",
    )
