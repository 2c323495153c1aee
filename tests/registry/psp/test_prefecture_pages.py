"""The pages of the prefecture and of what follows: each act has one, says its errors, and shows nothing to others."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from egide_registry.access.actions import glasses
from egide_registry.access.models import Glass
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.psp import opinions
from egide_registry.psp.actions import paths
from egide_registry.psp.models import Decision, File, Outcome, Period, Request, Right, Suspension, Transfer
from egide_registry.psp.rules.states import TABLES, RequestState
from support import psp
from support.live import sign_in
from support.registry import World, acting, today


def browser(mandate: Mandate) -> Client:
    client = Client()
    sign_in(client, mandate)
    return client


def got(mandate: Mandate, name: str, *args: Any, status: int = 200, query: str = "") -> str:
    answer = browser(mandate).get(reverse(f"psp:{name}", args=args) + query)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def sent(mandate: Mandate, name: str, *args: Any, status: int = 302, **data: Any) -> str:
    """Send a form: 302 when it is done, 422 with its errors."""
    answer = browser(mandate).post(reverse(f"psp:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("recepisse.pdf", psp.PDF, content_type="application/pdf")


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


# ---------------------------------------------------------------- from the filing to the grant


def test_a_page_left_open_in_another_tab_leads_to_the_request_once_it_is_filed(world: World):
    request, association = psp.filed(world, on=today()), world[Role.ASSOCIATION]
    answer = browser(association).get(reverse("psp:section", args=[request.pk, "work"]))
    assert answer.headers["Location"] == reverse("psp:request", args=[request.pk])
    page = got(association, "request", request.pk)
    assert reverse("psp:receipt", args=[request.pk]) in page
    assert reverse("psp:receipt", args=[request.pk]) in got(association, "file", request.file_id)


def test_a_renewal_opens_on_its_own_page(world: World):
    file, association = psp.notified(world, psp.granted(world, today()), on=today()).file_id, world[Role.ASSOCIATION]
    answer = browser(association).post(reverse("psp:renew", args=[file]))
    with acting(association):
        renewal = Request.objects.get(file=file, kind="renewal")
    assert answer.headers["Location"] == reverse("psp:request", args=[renewal.pk])


def test_a_delegate_asks_for_pieces_then_declares_complete(world: World):
    request, delegate = psp.filed(world, on=today()), world[Role.DELEGATE]
    assert "obligatoire" in sent(delegate, "ask_pieces", request.pk, missing="", status=422)
    sent(delegate, "ask_pieces", request.pk, missing="Le document de parcours.")
    assert "Le document de parcours." in got(world[Role.ASSOCIATION], "request", request.pk)
    sent(world[Role.ASSOCIATION], "request", request.pk)
    sent(delegate, "declare_complete", request.pk)
    assert psp.seen(world, request).state == RequestState.COMPLETE


def test_the_receipt_names_nobody(world: World):
    request = psp.filed(world, on=today())
    answer = browser(world[Role.ASSOCIATION]).get(reverse("psp:receipt", args=[request.pk]))
    said = words_of(answer.content)
    assert request.file.reference in said
    assert psp.FAMILY_NAME not in said
    assert "attachment" in answer["Content-Disposition"]


def test_a_draft_has_no_receipt(world: World):
    got(world[Role.ASSOCIATION], "receipt", psp.draft(world, on=today()).pk, status=404)


def test_the_prefect_grants_and_the_delegate_notifies_with_the_proof(world: World):
    request, delegate = psp.with_opinion(world, on=today()), world[Role.DELEGATE]
    sent(world[Role.PREFECT], "grant", request.pk, starts_on="")
    form = {"means": "hand", "notified_on": today().isoformat()}
    assert "obligatoire" in sent(delegate, "notify", request.pk, **form, status=422)
    sent(delegate, "notify", request.pk, **form, proof=proof())
    page = got(world[Role.ASSOCIATION], "file", request.file_id)
    assert "Parcours autorisé" in page
    assert "Décision notifiée" in page


def test_a_proof_is_not_kept_when_the_notification_is_refused(world: World):
    request, delegate = psp.granted(world, today()), world[Role.DELEGATE]
    tomorrow = (today() + timedelta(days=1)).isoformat()
    page = sent(delegate, "notify", request.pk, means="hand", notified_on=tomorrow, proof=proof(), status=422)
    assert "Date de notification" in page
    with acting(delegate):
        assert not request.file.supporting.filter(kind="notification").exists()


def test_the_act_bears_the_name_on_the_copy_to_notify_only(world: World):
    request = psp.granted(world, today())
    address = reverse("psp:decision_pdf", args=[request.pk, "granted"])
    client = browser(world[Role.DELEGATE])
    plain, named = (words_of(client.get(address + query).content) for query in ("", "?notification=oui"))
    assert psp.FAMILY_NAME not in plain
    assert f"{psp.GIVEN_NAMES} {psp.FAMILY_NAME}" in named
    assert "tribunal administratif" in plain


def test_a_start_before_the_law_is_an_error_of_the_form(world: World):
    request = psp.with_opinion(world, on=today())
    page = sent(world[Role.PREFECT], "grant", request.pk, starts_on="2010-01-01", status=422)
    assert "Aucune règle connue" in page


def test_the_opinion_is_shown_where_the_commissions_provide_it(world: World, monkeypatch: pytest.MonkeyPatch):
    request = psp.with_opinion(world, on=today())
    given = opinions.Given(opinion=opinions.Opinion.FAVOURABLE, on=today(), reasons="Un projet précis.")
    monkeypatch.setattr(opinions, "_sources", [lambda key, by: given])
    assert "Un projet précis." in got(world[Role.PREFECT], "decision", request.pk)
    assert "favorable" in got(world[Role.PREFECT], "grant", request.pk)


# ---------------------------------------------------------------- refusal in two persons, appeals


def test_a_refusal_says_its_shortest_length_and_the_legal_notes(world: World):
    request = psp.with_opinion(world, on=today())
    page = got(world[Role.DELEGATE], "propose_refusal", request.pk)
    assert "200 caractères au moins" in page
    assert "ne fonde jamais seul un refus" in page
    assert "440802" in page
    assert "Les engagements du parcours" not in page  # a reason of renewals
    page = sent(world[Role.DELEGATE], "propose_refusal", request.pk, written="Non.", status=422)
    assert "Cochez chaque motif retenu." in page
    assert "200 caractères au moins" in page


def test_who_proposed_a_refusal_reads_that_another_must_confirm(world: World):
    request, prefect = psp.with_opinion(world, on=today()), world[Role.PREFECT]
    sent(prefect, "propose_refusal", request.pk, codes=["not_victim"], written=psp.REASONS)
    page = got(prefect, "confirm_refusal", request.pk)
    assert "vous ne pouvez pas la confirmer" in page
    assert 'type="submit">Confirmer' not in page
    assert "une seconde personne" in sent(prefect, "confirm_refusal", request.pk, status=422)
    another = world.new(Role.PREFECT)
    page = got(another, "confirm_refusal", request.pk)
    assert "qualité de victime" in page
    assert "Vous pouvez contester cette décision" in page
    sent(another, "confirm_refusal", request.pk)
    assert psp.seen(world, request).state == RequestState.REFUSED


def test_the_act_of_a_refusal_exists_once_confirmed(world: World):
    request = psp.refusal_proposed(world, on=today())
    address = reverse("psp:decision_pdf", args=[request.pk, "refused"])
    assert browser(world[Role.DELEGATE]).get(address).status_code == 404
    sent(world[Role.PREFECT], "confirm_refusal", request.pk)
    said = words_of(browser(world[Role.DELEGATE]).get(address).content)
    assert "qualité de victime" in said
    assert "Recours gracieux" in said


def test_a_proposal_is_read_by_those_who_decide_only(world: World):
    request = psp.refusal_proposed(world, on=today())
    assert "qualité de victime" in got(world[Role.PREFECT], "decision", request.pk)
    assert "qualité de victime" not in got(world[Role.ASSOCIATION], "decision", request.pk)


def test_a_refusal_is_given_up_by_its_page(world: World):
    request = psp.refusal_proposed(world, on=today())
    sent(world[Role.PREFECT], "drop_refusal", request.pk)
    assert psp.seen(world, request).state == RequestState.OPINION_GIVEN
    answer = browser(world[Role.PREFECT]).get(reverse("psp:confirm_refusal", args=[request.pk]))
    assert answer["Location"] == reverse("psp:file", args=[request.file_id])


def test_an_appeal_goes_to_its_end_by_its_page(world: World):
    request, delegate, prefect = psp.refused_notified(world, on=today()), world[Role.DELEGATE], world[Role.PREFECT]
    association = world[Role.ASSOCIATION]
    assert "Consigner un recours" in got(association, "file", request.file_id)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    form = {"kind": "gracieux", "words": "Des faits inventés."}
    assert "Date du recours" in sent(association, "lodge", request.pk, **form, filed_on=tomorrow, status=422)
    sent(association, "lodge", request.pk, **form, filed_on=today().isoformat())
    with acting(delegate):
        appeal = request.decisions.get().appeals.get().pk
    assert "un recours en cours" in sent(delegate, "close_request", request.pk, status=422)
    sent(delegate, "appeal", appeal, act="register", words="")
    page = got(prefect, "appeal", appeal)
    assert "Des faits inventés." in page
    assert "jugement favorable" not in page  # an act of the court
    assert "motifs rédigés" in sent(prefect, "appeal", appeal, act="reject", words="", status=422)
    sent(prefect, "appeal", appeal, act="accept", words="")
    assert "Autoriser le parcours" in got(prefect, "appeal", appeal)
    sent(prefect, "grant", request.pk, starts_on="")
    assert psp.seen(world, request).state == RequestState.GRANTED


def test_a_judgment_is_joined_with_its_meaning_or_not_at_all(world: World):
    request, delegate = psp.refused_notified(world, on=today()), world[Role.DELEGATE]
    sent(
        delegate, "lodge", request.pk, kind="tribunal_administratif", filed_on=today().isoformat(), words="Une requête."
    )
    with acting(delegate):
        appeal = request.decisions.get().appeals.get().pk
    sent(delegate, "appeal", appeal, act="register", words="")
    assert "le jugement joint" in sent(delegate, "appeal", appeal, act="record_dismissal", words="", status=422)
    sent(delegate, "appeal", appeal, act="record_dismissal", words="", judgment=proof())
    assert "rejeté" in got(delegate, "appeal", appeal)


# ---------------------------------------------------------------- the path under way


def test_a_path_is_suspended_by_its_page(world: World):
    file, delegate = psp.granted(world, today()).file_id, world[Role.DELEGATE]
    days = {"starts_on": today().isoformat(), "ends_on": (today() + timedelta(days=9)).isoformat()}
    assert "réglage du département" in got(delegate, "suspend", file)
    sent(delegate, "suspend", file, **days, words="Hôpital.")
    assert "Réunissez les deux suspensions" in sent(delegate, "suspend", file, **days, words="Hôpital.", status=422)
    with acting(delegate):
        assert Suspension.objects.filter(file=file).count() == 1


def test_an_early_exit_takes_two_persons_by_its_pages(world: World):
    file, prefect = psp.granted(world, today()).file_id, world[Role.PREFECT]
    form = {"codes": ["commitments"], "last_day": (today() + timedelta(days=30)).isoformat()}
    assert "200 caractères au moins" in sent(prefect, "propose_exit", file, **form, written="Non.", status=422)
    sent(prefect, "propose_exit", file, **form, written=psp.REASONS)
    assert "vous ne pouvez pas la confirmer" in got(prefect, "confirm_exit", file)
    sent(prefect, "drop_exit", file)
    sent(world[Role.DELEGATE], "propose_exit", file, **form, written=psp.REASONS)
    sent(prefect, "confirm_exit", file)
    assert "Fin anticipée" in got(prefect, "file", file)


def test_a_path_ends_on_request_is_closed_and_opened_again(world: World):
    request = psp.notified(world, psp.granted(world, today()), on=today())
    file, association = request.file_id, world[Role.ASSOCIATION]
    sent(association, "end_on_request", file, last_day=today().isoformat())
    assert "aucune demande en cours" in sent(association, "close", file, status=422)
    sent(world[Role.DELEGATE], "close_request", request.pk)
    assert "Clore le dossier" in got(association, "file", file)
    sent(association, "close", file)
    sent(association, "reopen", file)
    assert "Préparer un renouvellement" in got(association, "file", file)


def test_a_term_is_noted_the_day_after(world: World):
    file = psp.granted(world, today()).file_id
    page = sent(world[Role.DELEGATE], "end_at_term", file, status=422)
    assert "Attendez le lendemain du dernier jour." in page


def test_a_situation_is_recorded_by_its_page_when_it_is_due(world: World):
    file, association = psp.granted(world, today()).file_id, world[Role.ASSOCIATION]
    form = {"work": "training", "housing": "chrs", "residence": "temporary"}
    assert "situation à relever aujourd" in sent(association, "outcome", file, "end", **form, status=422)
    with acting(association):
        paths.end_on_request(file, last_day=today(), by=association, on=today())
    assert "Relever la situation à la sortie" in got(association, "file", file)
    sent(association, "outcome", file, "end", **form)
    got(association, "outcome", file, "later", status=404)
    with acting(association):
        assert Outcome.objects.get(file=file).work == "training"


# ---------------------------------------------------------------- rights and the AFIS


def test_a_right_is_followed_by_its_page(world: World):
    file, association = psp.granted(world, today()).file_id, world[Role.ASSOCIATION]
    sent(association, "right_new", file, kind="aps", asked_on=today().isoformat())
    with acting(association):
        right = Right.objects.get(file=file).pk
    before = (today() - timedelta(days=1)).isoformat()
    assert "ou après" in sent(association, "right", right, granted_on=before, status=422)
    sent(association, "right", right, granted_on=today().isoformat(), effective_on=today().isoformat())
    assert "effectif" in got(association, "file", file)


AFIS = {"month": "2026-03-15", "zone": "france", "children": "1", "resources": "100", "in_path": "yes", "adult": "yes"}
AFIS |= {"residence": "yes", "other_benefit": "no", "rsa_flat": "600", "rsa_household": ""}


def test_the_afis_begins_with_what_the_request_says_and_explains_each_line(world: World):
    file, association = psp.granted(world, today()).file_id, world[Role.ASSOCIATION]
    assert 'name="resources" value="100"' in got(association, "afis", file)
    page = sent(association, "afis", file, **AFIS, status=200)
    assert "559,43" in page  # the single person, from December 2025
    assert "Complément pour 1 enfant" in page
    assert "665,51" in page
    assert "depuis le 1er décembre 2025" in page
    assert "Plafond non appliqué" in page


def test_the_afis_of_mayotte_in_2023_is_refused_rather_than_guessed(world: World):
    file, association = psp.granted(world, today()).file_id, world[Role.ASSOCIATION]
    page = sent(association, "afis", file, **AFIS | {"month": "2023-05-01", "zone": "mayotte"}, status=422)
    assert "montants inconnus" in page
    assert "Aucun montant n’est déduit d’un autre" in page


def test_an_amount_is_not_said_while_a_condition_is_unknown(world: World):
    file, association = psp.granted(world, today()).file_id, world[Role.ASSOCIATION]
    page = sent(association, "afis", file, **AFIS | {"residence": ""}, status=200)
    assert "une condition n’est pas renseignée" in page


# ---------------------------------------------------------------- transfers


def test_a_file_is_transferred_by_the_pages_of_two_departments(world: World):
    there = World()
    file = psp.notified(world, psp.granted(world, today()), on=today()).file_id
    here, delegate = world[Role.DELEGATE], there[Role.DELEGATE]
    sent(here, "transfer", file, to=f"{there.code}:{there.association.pk}")
    with acting(here):
        transfer = Transfer.objects.get(file=file).pk
    assert "Remettre le dossier" not in got(here, "transfers")
    assert "Accepter le dossier" in got(delegate, "transfers")
    got(here, "transfer_act", transfer, "accept", status=404)
    got(delegate, "file", file, status=404)
    sent(delegate, "transfer_act", transfer, "accept")
    sent(here, "transfer_act", transfer, "carry_out")
    assert "effectué" in got(here, "transfers")
    got(here, "file", file, status=404)
    assert psp.FAMILY_NAME in got(delegate, "file", file)
    # The act stays the old department's, wherever the file is.
    with acting(delegate):
        request = Request.objects.get(file=file).pk
    paper = browser(delegate).get(reverse("psp:decision_pdf", args=[request, "granted"]))
    assert world.department.name in words_of(paper.content)
    assert there.department.name not in words_of(paper.content)


def test_a_transfer_goes_to_an_approved_association_elsewhere(world: World):
    file = psp.notified(world, psp.granted(world, today()), on=today()).file_id
    own = f"{world.code}:{world.association.pk}"
    sent(world[Role.DELEGATE], "transfer", file, to=own, status=422)


# ---------------------------------------------------------------- who may look, who may act


def test_who_broke_the_glass_reads_and_changes_nothing(world: World):
    request = psp.with_opinion(world, on=today())
    reader = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    got(reader, "file", request.file_id, status=404)
    with acting(reader):
        glasses.break_glass(
            request.file_id,
            reason=Glass.Reason.DANGER,
            words="Un danger inventé pour cet essai, dit avec assez de mots pour être relu ensuite.",
            by=reader,
            now=timezone.now(),
            link="https://essai.invalid/",
        )
    page = got(reader, "file", request.file_id)
    assert "Lecture seule" in page
    assert "Ce que vous pouvez faire" not in page
    assert "Aucune décision" in got(reader, "decision", request.pk)
    for name, key in (("right_new", request.file_id), ("transfer", request.file_id), ("lodge", request.pk)):
        got(reader, name, key, status=403)
        sent(reader, name, key, status=403)


ACTS = (
    ("request", Role.DELEGATE, ("ask_pieces", "declare_complete", "notify", "propose_refusal", "close_request")),
    ("request", Role.PREFECT, ("grant", "drop_refusal")),
    ("request", Role.ASSOCIATION, ("lodge",)),
    ("file", Role.DELEGATE, ("suspend", "propose_exit", "end_at_term", "transfer")),
    ("file", Role.PREFECT, ("drop_exit",)),
    ("file", Role.ASSOCIATION, ("end_on_request", "close", "reopen", "right_new", "afis", "transfer")),
)


@pytest.mark.parametrize(("of", "role", "names"), ACTS)
def test_each_act_has_a_page_that_names_nobody_in_its_title(world: World, of: str, role: Role, names: tuple[str, ...]):
    request = psp.granted(world, today())
    key = request.pk if of == "request" else request.file_id
    for name in names:
        page = got(world[role], name, key)
        assert psp.FAMILY_NAME not in page
        assert '<form method="post"' in page


@pytest.mark.parametrize(("of", "role", "names"), ACTS)
def test_an_act_out_of_its_state_is_refused_in_words_never_by_a_crash(
    world: World, of: str, role: Role, names: tuple[str, ...]
):
    request = psp.draft(world, on=today()) if role is Role.ASSOCIATION else psp.filed(world, on=today())
    key = request.pk if of == "request" else request.file_id
    forms: dict[str, dict[str, Any]] = {
        "ask_pieces": {"missing": ""},
        "notify": {"means": "hand", "notified_on": today().isoformat(), "proof": proof()},
        "propose_refusal": {"codes": ["not_victim"], "written": psp.REASONS},
        "lodge": {"kind": "gracieux", "filed_on": today().isoformat(), "words": "Des faits."},
        "suspend": {"starts_on": today().isoformat(), "ends_on": today().isoformat(), "words": "Hôpital."},
        "propose_exit": {"codes": ["commitments"], "written": psp.REASONS, "last_day": today().isoformat()},
        "end_on_request": {"last_day": today().isoformat()},
        "right_new": {"kind": "", "asked_on": ""},
    }
    for name in names:
        if name != "declare_complete":
            page = sent(world[role], name, key, **forms.get(name, {}), status=422)
            assert "Erreur" in page


def test_nobody_of_another_department_finds_anything(world: World):
    request, there = psp.granted(world, today()), World()
    for of, role, names in ACTS:
        for name in names:
            got(there[role], name, request.pk if of == "request" else request.file_id, status=404)
    for name in ("decision", "receipt"):
        got(there[Role.DELEGATE], name, request.pk, status=404)
    got(there[Role.DELEGATE], "appeal", uuid4(), status=404)
    got(there[Role.DELEGATE], "right", uuid4(), status=404)


def test_the_tables_of_states_are_drawn_and_written(world: World):
    page = got(world[Role.PREFECT], "states")
    assert page.count("<svg") == len(TABLES)
    assert "440802" in page
    assert "Demander des pièces" in page


def test_rows_are_what_the_pages_said(world: World):
    request = psp.granted(world, today())
    with acting(world[Role.PREFECT]):
        assert Period.objects.get(file=request.file_id).starts_on == today()
        assert Decision.objects.get(request=request).decided_on == today()
        assert Request.objects.get(pk=request.pk).moved_on == today()
        assert File.objects.get(pk=request.file_id).last_contact_on == today()
