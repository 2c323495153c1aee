"""The acts of the registry: what they say, what they refuse to be, and how they are listened to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from attrs import evolve
from pypdf import PdfReader

from egide_registry.files.acts import ActRefused, Decision, Heard, Item, Opinion, Outcome, Votes
from egide_registry.files.pdf import convocation_pdf, decision_pdf, extract_pdf, minutes_pdf, receipt_pdf
from support.pdf_judge import judge
from support.registry_acts import CONVOCATION, EXTRACT, FIRST, FRIEND, GRANT, JUDGE, MINUTES, RECEIPT, REFUSAL

ACTS: dict[str, Callable[[], bytes]] = {
    "minutes": lambda: minutes_pdf(MINUTES),
    "refusal": lambda: decision_pdf(REFUSAL),
    "grant": lambda: decision_pdf(GRANT),
    "receipt": lambda: receipt_pdf(RECEIPT),
    "convocation": lambda: convocation_pdf(CONVOCATION),
    "extract": lambda: extract_pdf(EXTRACT),
    "empty extract": lambda: extract_pdf(evolve(EXTRACT, reads=())),
    "bare minutes": lambda: minutes_pdf(evolve(MINUTES, heard=(), excused=(), quorum=None, other_business="")),
}


def text(data: bytes) -> str:
    """Ends of lines are the page's; no-break spaces are read as spaces here."""
    pages = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return re.sub(r"[\s\u00a0\u202f]+", " ", pages)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_has_a_neutral_title_a_language_and_a4_pages_with_numbers(name: str):
    pdf = PdfReader(BytesIO(ACTS[name]()))
    assert pdf.metadata is not None
    assert re.fullmatch(r"[A-Za-zéêôèÉ ,-]+ n°\u00a0[A-Z0-9-]+", pdf.metadata.title or "")
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("fr")
    for number, page in enumerate(pdf.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"Page {number} sur {len(pdf.pages)}" in page.extract_text()


@pytest.mark.parametrize("name", ACTS)
def test_the_same_act_gives_the_same_bytes(name: str):
    assert ACTS[name]() == ACTS[name]()


@pytest.mark.pdfjudge
@pytest.mark.parametrize("name", ACTS)
def test_an_independent_judge_finds_no_failure_of_pdf_ua(name: str, tmp_path: Path):
    path = tmp_path / "acte.pdf"
    path.write_bytes(ACTS[name]())
    verdict = judge(path)
    assert verdict.failures == []
    assert verdict.passed_checks > 1000


def test_minutes_say_who_sat_who_withdrew_and_what_was_said_of_each_file():
    said = text(minutes_pdf(MINUTES))
    for part in (
        "Séance du : 1er décembre 2026",
        "M. Test Premier magistrat désigné par la cour d’appel",
        "Membres excusés",
        "Quorum : 4 membres. Présents : 5. Le quorum est atteint.",
        "PSP-7K2M-41 première demande Les Essais solidaires favorable",
        "Se sont retirés : Mme Fictive Quarte, association Les Essais solidaires",
        "1 pour, 3 contre, 1 abstention",
        "Elle demande un bilan écrit.",
        "le nom d’aucune personne suivie",
    ):
        assert part in said


def test_a_quorum_that_is_not_reached_is_said():
    assert "Le quorum n’est pas atteint." in text(minutes_pdf(evolve(MINUTES, quorum=6)))


def test_a_session_without_a_file_says_so():
    assert "Aucun dossier n’était inscrit" in text(ACTS["bare minutes"]())


@pytest.mark.parametrize("name", ["Awa D.", "psp-12", "DUPONT", "7 RUE", ""])
def test_a_file_is_told_by_its_opaque_reference_never_by_a_name(name: str):
    item = evolve(FIRST, reference=name)
    for build in (
        lambda: evolve(MINUTES, heard=(Heard(item=item, opinion=Opinion.NONE),)),
        lambda: evolve(CONVOCATION, agenda=(item,)),
        lambda: evolve(REFUSAL, request=name),
        lambda: evolve(RECEIPT, reference=name),
        lambda: evolve(EXTRACT, reference=name),
    ):
        with pytest.raises(ActRefused) as refused:
            build()
        assert "une référence en capitales et chiffres" in str(refused.value)
        assert not name or name not in str(refused.value)


def test_there_are_no_more_votes_than_members_who_stayed():
    def minutes(cast: int) -> object:
        votes = Votes(in_favour=cast, against=0, abstained=0)
        heard = Heard(item=FIRST, opinion=Opinion.FAVOURABLE, votes=votes, recused=(FRIEND,))
        return evolve(MINUTES, present=(JUDGE, FRIEND), heard=(heard,))

    assert minutes(1)
    with pytest.raises(ActRefused, match="au plus 1 voix"):
        minutes(2)


def test_an_unfavourable_opinion_has_reasons():
    with pytest.raises(ActRefused, match="motifs d’un avis défavorable"):
        evolve(MINUTES, heard=(Heard(item=FIRST, opinion=Opinion.UNFAVOURABLE, reasons=" "),))


def test_a_refusal_says_its_reasons_and_how_it_is_contested():
    said = text(decision_pdf(REFUSAL))
    for part in (
        "Vu le code de l’action sociale et des familles",
        "(défavorable) ;",
        "Engagements du parcours non documentés (code R3).",
        "Le bilan demandé",
        "est refusée",
        "Fait à Essai-le-Grand, le 8 décembre 2026",
        "Voies et délais de recours",
        "Recours contentieux, devant le tribunal administratif d’Essai-le-Grand, dans les deux mois",
    ):
        assert part in said


def test_a_refusal_without_reasons_or_ways_of_appeal_is_no_act_and_says_all_that_it_lacks():
    with pytest.raises(ActRefused) as refused:
        evolve(REFUSAL, reasons=(), written_reasons="  ", appeals=())
    assert [one.expected for one in refused.value.defects] == [
        "un motif codé au moins",
        "des motifs écrits",
        "les voies et délais de recours",
    ]


def test_a_grant_says_its_period_and_is_none_without_one():
    assert "est autorisé du 15 décembre 2026 au 14 juin 2027" in text(decision_pdf(GRANT))
    for change in ({"ends_on": None}, {"starts_on": None}, {"ends_on": date(2026, 12, 15)}):
        with pytest.raises(ActRefused, match="la période accordée"):
            evolve(GRANT, **change)


def test_the_name_is_on_the_notified_act_only_and_never_in_its_title():
    named = decision_pdf(evolve(GRANT, person="Mme Essai Nommée"))
    assert "L’engagement de Mme Essai Nommée" in text(named)
    assert "Nommée" not in str(PdfReader(BytesIO(named)).metadata)
    assert "la personne désignée par la demande n° PSP-7K2M-41" in text(decision_pdf(GRANT))


def test_a_decision_without_opinion_nor_reasons_to_give_has_no_empty_part():
    bare = evolve(GRANT, opinion=None, opinion_on=None, appeals=(), legal_basis=())
    said = text(decision_pdf(bare))
    assert "commission départementale en date" not in said
    assert "Motifs" not in said
    assert "Voies" not in said


def test_a_receipt_lists_what_was_received_and_what_comes_next():
    said = text(receipt_pdf(RECEIPT))
    assert "reçue le 3 novembre 2026" in said
    assert "déclaration sur l’honneur" in said
    assert "2. La commission donne un avis ; la préfète décide." in said
    assert "Aucune pièce n’était jointe." in text(receipt_pdf(evolve(RECEIPT, documents=(), next_steps=())))


def test_a_convocation_says_where_when_and_what():
    said = text(convocation_pdf(CONVOCATION))
    assert "Date : 1er décembre 2026 à 14 h 30" in said
    assert "PSP-9X4T-08 renouvellement Association de l’Exemple" in said
    assert "puis se retire" in said
    on_the_hour = evolve(CONVOCATION, at=CONVOCATION.at.replace(minute=0), agenda=(), notes=())
    assert "à 14 h Lieu" in text(convocation_pdf(on_the_hour))
    with pytest.raises(ActRefused, match="une séance à venir"):
        evolve(CONVOCATION, held_on=date(2026, 11, 9))


def test_an_extract_lists_each_body_by_day_and_nothing_outside_its_period():
    said = text(extract_pdf(EXTRACT))
    rows = ["3 novembre 2026 Les Essais solidaires", "1er décembre 2026 Commission", "8 décembre 2026 Préfecture"]
    assert sorted(rows, key=said.index) == rows
    assert "Aucune consultation n’a eu lieu" in text(extract_pdf(evolve(EXTRACT, reads=())))
    with pytest.raises(ActRefused, match="3 hors de la période"):
        evolve(EXTRACT, last=date(2026, 11, 2))


def test_words_are_never_markup():
    odd = "#set page(fill: red) *gras* _it_ $x$ <label> @ref // suite \\ [fin]"
    assert odd.replace("fill:", "fill :") in text(receipt_pdf(evolve(RECEIPT, contact=odd))).replace("fill:", "fill :")


def test_a_letter_that_the_fonts_do_not_hold_is_refused_rather_than_left_blank():
    with pytest.raises(ActRefused, match="中"):
        decision_pdf(evolve(GRANT, person="中"))


def test_a_long_agenda_runs_over_pages_with_its_heading_on_each():
    agenda = tuple(Item(reference=f"PSP-{n:04}", purpose="première demande", filed_by="Essai") for n in range(80))
    pages = PdfReader(BytesIO(convocation_pdf(evolve(CONVOCATION, agenda=agenda)))).pages
    assert len(pages) >= 2
    assert all("Déposé par" in page.extract_text() for page in pages[:2])


def test_a_refusal_is_told_apart_from_a_grant_by_its_outcome_alone():
    assert isinstance(REFUSAL, Decision)
    with pytest.raises(ActRefused):
        evolve(GRANT, outcome=Outcome.REFUSED)
