"""The page of an estimate gives back no small count, to whoever knows every formula and enumerates what is hidden."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import product

import numpy as np
import pytest

from egide.disclosure.cells import BelowThreshold
from egide.document.model import Document
from egide.document.render.html import render_html
from egide.document.render.load import load_assets
from egide.document.render.pdf import render_pdf
from egide.document.typography import cell_text
from egide.errors import ReleaseRefused
from egide.estimation.histories import Histories
from egide.unseen.completions import completions, fewest_repeated, seen_range
from egide.unseen.methods import PANEL, Effort
from egide.unseen.report.findings import findings
from egide.unseen.report.overlaps import Frame, Overlaps, overlaps
from egide.unseen.report.page import Heading, page
from support.mse import table

FRAME = Frame(territory="FR", period="2025", known_on=date(2026, 4, 2), file_name="listes.csv")
HEADING = Heading(title="Essai", publisher="Observatoire", published_on=date(2026, 4, 2))
QUICK = tuple(method for method in PANEL if method.name in ("independence", "averaged", "chao"))
LISTS = ("police", "justice", "associations")


def of(*counts: int) -> Histories:
    return Histories(lists=LISTS, counts=(0, *counts))


def built(public: Overlaps) -> Document:
    return page(public, findings(public, Effort(), panel=QUICK), FRAME, HEADING)


def words(document: Document) -> str:
    return render_html(document, downloads=(), assets=load_assets())


def shown(public: Overlaps) -> list[str]:
    return [cell_text(one) for one in (*public.cells.values(), *public.totals)]


def every_table_that_may_be(public: Overlaps) -> list[Histories]:
    """By brute force: the labels, then the totals that are shown. In an order that has nothing to do with them."""
    known, cells = public.known(), sorted(public.cells)
    wide = [cell for cell in cells if known.high[cell] - known.low[cell] > 3]
    solved: list[int] = []
    for cell in wide:  # what the totals say once the other cells are chosen
        if np.linalg.matrix_rank(_on([*solved, cell])) == len(solved) + 1:
            solved.append(cell)
    chosen = [cell for cell in cells if cell not in solved]
    totals = np.array([int(total.number) for total in public.totals])
    found = []
    for values in product(*(range(int(known.low[cell]), int(known.high[cell]) + 1) for cell in chosen)):
        counts = np.zeros(8, dtype=np.int64)
        counts[chosen] = values
        left = totals - _on(cells) @ counts[cells]
        counts[solved] = np.rint(np.linalg.pinv(_on(solved)) @ left)
        fits = (_on(cells) @ counts[cells] == totals).all() and (counts >= known.low).all()
        whole = public.seen is None or counts.sum() == public.seen.number
        if fits and whole and (counts <= known.high).all():
            found.append(Histories(lists=LISTS, counts=counts))
    random.Random(0).shuffle(found)
    return found


def _on(cells: list[int]) -> np.ndarray:
    """Shape (lists, cells)."""
    return np.array([[cell >> place & 1 for cell in cells] for place in range(3)])


TABLES = [
    of(40, 33, 3, 60, 4, 12, 2),
    of(9, 8, 4, 7, 4, 4, 0),
    of(40, 33, 12, 60, 9, 12, 3),
]


@pytest.mark.parametrize("number", range(3))
def test_every_hidden_count_keeps_all_its_values_given_the_whole_page(number):
    given = TABLES[number]
    public = overlaps(given, FRAME)
    reference = built(public)
    small = {cell for cell, one in public.cells.items() if isinstance(one.content, BelowThreshold)}
    assert small == {cell for cell in range(1, 8) if 1 <= given.counts[cell] <= 4}
    left: dict[int, set[int]] = {cell: set() for cell in small}
    full = {cell: {1, 2, 3, 4} for cell in small}
    for other in every_table_that_may_be(public):
        wanted = {cell: int(other.counts[cell]) for cell in small}
        if left == full:
            break
        if all(value in left[cell] for cell, value in wanted.items()):
            continue  # nothing that is not proven already
        theirs = overlaps(other, FRAME)
        if shown(theirs) == shown(public) and built(theirs) == reference:
            for cell, value in wanted.items():
                left[cell].add(value)
    assert left == full


def test_two_files_that_show_the_same_overlaps_make_the_same_page():
    public = overlaps(TABLES[0], FRAME)
    others = every_table_that_may_be(public)
    assert len(others) > 20
    assert all(shown(overlaps(one, FRAME)) == shown(public) for one in others[:30])
    assert len({words(built(overlaps(one, FRAME))) for one in others[:3]}) == 1


def test_what_is_worked_out_stays_within_what_is_shown():
    public = overlaps(TABLES[0], FRAME)
    allowed = {tuple(one.counts.tolist()) for one in every_table_that_may_be(public)}
    drawn = completions(public.known(), public.sums(), draws=6, seed=3)
    assert {tuple(one.counts.tolist()) for one in drawn} <= allowed
    least = min(sum(counts[cell] for cell in (3, 5, 6, 7)) for counts in allowed)
    assert fewest_repeated(public.known(), public.sums()) == least


def test_a_page_refuses_a_number_when_what_it_shows_may_be_too_little():
    given = of(40, 33, 4, 60, 4, 0, 0)  # eight persons on two lists: whoever holds the file gets numbers
    made = findings(overlaps(given, FRAME), Effort(), panel=QUICK)
    assert made.refusal is not None and not made.judged
    text = words(page(overlaps(given, FRAME), made, FRAME, HEADING))
    assert "Aucun nombre ne peut être donné" in text and "personnes en tout" not in text
    assert "autant que le tableau publié permette de le savoir" in text
    assert "Personnes en tout" not in text


def test_a_list_too_small_to_be_protected_refuses_the_page():
    with pytest.raises(ReleaseRefused):
        overlaps(of(2, 33, 1, 60, 0, 12, 0), FRAME)


def test_every_number_is_bound_and_none_is_printed_outside_a_cell():
    document = built(overlaps(TABLES[2], FRAME))
    text = words(document)
    main = text[text.index("<main") : text.index('id="page-origines"')]
    bound = re.findall(r'data-id="([^"]*)"', main)
    assert len(bound) > 20 and set(bound) == {cell.id for cell in document.cells}
    free = re.sub(r"<svg.*?</svg>|<(data|span) [^>]*data-id=.*?</\1>|<[^>]*>", " ", main, flags=re.DOTALL)
    ours = {"1", "2", "5", "95", "2025"}  # figures by rank, "< 5", classes and levels in %, the period
    repeated = {found for cell in document.cells for found in re.findall(r"\d+", cell_text(cell))}  # told in words too
    assert set(re.findall(r"\d+", free)) <= ours | repeated


def test_hidden_counts_are_all_drawn_alike():
    document = built(overlaps(TABLES[0], FRAME))
    (figure,) = [
        block for section in document.sections for block in section.blocks if getattr(block, "id", "") == "recoupements"
    ]
    hatched = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="14" fill="url', figure.svg)
    assert len(hatched) >= 3 and len(set(hatched)) == 1
    order = [line for line in figure.csv.splitlines()[1:]]
    assert [line.count(",") + line.count(" et ") for line in order] == sorted(
        line.count(",") + line.count(" et ") for line in order
    )


def test_the_published_table_of_the_united_kingdom_makes_a_page_and_an_accessible_pdf():
    public = overlaps(table("UKdat_5"), FRAME)
    document = built(public)
    assert render_pdf(document).startswith(b"%PDF")
    assert public.seen is None and seen_range(public.known(), public.sums()) == (2719, 2752)
    titles = [section.id for section in document.sections]
    assert titles == ["estimations", "listes", "solidite", "epreuve", "hypotheses"]


def test_two_lists_of_nearly_one_name_keep_their_own_numbers():
    given = Histories(lists=("a b", "a/b", "c 39"), counts=(0, 40, 30, 20, 50, 11, 12, 13))
    public = overlaps(given, FRAME)
    assert [int(total.number) for total in public.totals] == [84, 75, 86]
    assert len({cell.id for cell in (*public.cells.values(), *public.totals)}) == 10
    assert "c 39" in words(built(public))
