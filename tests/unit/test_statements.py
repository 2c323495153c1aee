"""Numbers as ratios of cells, labels that hold together, and what the register keeps of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.rows import HEAVIEST
from egide.disclosure.attack.system import Shown, System, Unknown
from egide.disclosure.cells import BelowThreshold, Bounded, Content, NotCommunicated, Withheld
from egide.disclosure.cells import Shown as ShownContent
from egide.disclosure.published import Published, PublishedCell, PublishedEdition, PublishedStatement
from egide.disclosure.register import Register
from egide.disclosure.statements.computed import Reader
from egide.disclosure.statements.holdings import holdings
from egide.disclosure.statements.identities import Identities, Number
from egide.disclosure.statements.ratios import Arithmetic, NotLinear, constant, one
from egide.errors import StoreError
from egide.facts.model import Secret, Unit
from egide.facts.ratios import Ties
from egide.facts.values import Value
from support.facts import fact

KEY = fact("s/m/FR/2025", 1).key
DAY, LATER = date(2025, 4, 2), date(2026, 4, 2)


# ---- weights too heavy for exact arithmetic ----


@given(st.integers(1, 4), st.integers(5_000_000, 60_000_000))
def test_a_share_of_millions_is_held_within_what_exact_arithmetic_can_add(few: int, rest: int) -> None:
    """3 of 9,000,002: the exact fraction is public. Lighter weights say very slightly less, never anything false."""
    known = Arithmetic({})
    share = known.over(one("few").times(100), known.plus(one("few"), one("rest")))
    printed = Fraction(100 * few, few + rest)
    statements = list(known.within(share, (printed, printed, False, False), "part"))
    unknowns = {"few": Unknown.below(), "rest": Unknown.between(4_999_999, 60_000_001)}
    system = System.of(unknowns, statements)
    assert int(abs(system.rows.weights).sum()) <= HEAVIEST * system.rows.height
    finding = audit(system)["few"]
    assert finding.low is not None
    assert finding.high is not None
    assert finding.low <= few <= finding.high


def test_a_product_or_quotient_of_two_hidden_cells_says_nothing_linear() -> None:
    known = Arithmetic({"x": Shown(value=0), "two": Shown(value=2)})
    with pytest.raises(NotLinear):
        known.times(one("a"), one("b"))
    with pytest.raises(NotLinear):
        known.over(one("a"), one("x"))
    with pytest.raises(NotLinear):
        known.over(known.over(one("a"), one("b")), one("c"))
    with pytest.raises(NotLinear):
        known.at_least(known.over(one("a"), known.minus(one("b"), one("c"))), Fraction(1), False, "")
    assert known.times(one("two"), one("a")).above == {"a": 2}
    assert known.plus(known.over(one("a"), one("b")), constant(1)).above == {"a": 1, "b": 1}


def test_a_fact_that_is_neither_a_count_nor_shown_says_nothing() -> None:
    def hidden(_: object) -> object:
        raise NotLinear

    reader = Reader(Arithmetic({}), hidden)  # type: ignore[arg-type]
    assert list(reader.worded(fact("s/m/FR/2025", 1), (Fraction(1), None, False, False), "mots")) == []


# ---- one number or two ----


def history(*values: int | Secret) -> dict[object, list[object]]:
    days = (f"202{rank}-04-02" for rank in range(3, 9))
    return {KEY: [fact(str(KEY), value, known_on=day) for value, day in zip(values, days, strict=False)]}


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ((3, 3), 1),
        ((3, 4), 2),
        ((3, Secret.BELOW_FIVE), 1),
        ((Secret.BELOW_FIVE, Secret.NOT_COMMUNICATED), 2),
        ((3, Secret.BELOW_FIVE, 2), 2),  # the label could be either; the two numbers are not one
        ((3, 4, 3), 3),
    ],
)
def test_statements_in_a_row_that_can_be_equal_are_one_number(values: tuple[int | Secret, ...], numbers: int) -> None:
    stated = history(*values)
    identities = Identities(stated, Published(), Ties())  # type: ignore[arg-type]
    assert len({identities.of(KEY, one.known_on) for one in stated[KEY]}) == numbers  # type: ignore[attr-defined]


def printed(content: Content, on: date = DAY, *, known_on: date = DAY, unit: Unit = Unit.COUNT) -> PublishedEdition:
    edition = str(on.year)
    cell = PublishedCell(
        key=KEY, known_on=known_on, content=content, label="M", expression="m[2025]", edition=edition, on=on, unit=unit
    )
    return PublishedEdition(edition=edition, on=on, cells=(cell,))


def held(*editions: PublishedEdition) -> object:
    published = Published(editions)
    found = holdings((), published, Identities({}, published, Ties()))
    return found.shown.get(Number(KEY, DAY)) or found.unknowns[Number(KEY, DAY)]


def test_a_number_known_by_its_publications_alone_bears_all_their_labels() -> None:
    both = held(printed(NotCommunicated()), printed(Bounded(Value(3, 9)), LATER))
    assert isinstance(both, Unknown)
    assert (both.low, both.high, both.small) == (5, 9, False)
    shown = held(printed(NotCommunicated()), printed(ShownContent(Value.exact(7)), LATER))
    assert isinstance(shown, Shown)
    assert shown.value == 7


def test_where_two_earlier_publications_contradict_each_other_a_reader_believes_the_last() -> None:
    last = held(printed(BelowThreshold()), printed(NotCommunicated(), LATER))
    assert isinstance(last, Unknown)
    assert (last.low, last.small) == (5, False)


# ---- published, and the register ----


def test_an_edition_is_read_with_all_that_came_out_before_it_or_the_same_day() -> None:
    """The same edition built again is not read against itself."""
    first, second = printed(ShownContent(Value.exact(7))), printed(NotCommunicated(), LATER)
    published = Published([second, first])
    assert list(published.before("2025", DAY)) == []
    assert list(published.before("autre", DAY)) == [first]
    assert list(published.before("2026", LATER)) == [first]
    assert list(published.before("autre", LATER)) == [first, second]


def test_cells_of_another_publication_are_refused() -> None:
    with pytest.raises(ValueError, match="cells of another publication"):
        evolve(printed(NotCommunicated()), edition="autre")


CONTENTS = [
    ShownContent(Value.exact(Fraction(7, 3))),
    ShownContent(Value(300, None)),
    BelowThreshold(limit=11, least=0),
    NotCommunicated(least=11),
    Bounded(Value(11, 19)),
    Withheld(),
]
STATEMENT = PublishedStatement(
    terms=((KEY, DAY, Fraction(100)), (fact("s/m/FR/2024/a=b", 1).key, DAY, Fraction(-177, 2))),
    low=Fraction(0),
    low_strict=True,
    said="« part » : 89 %",
)


@pytest.mark.parametrize("content", CONTENTS)
def test_the_register_gives_back_what_was_published(tmp_path: Path, content: Content) -> None:
    register, edition = Register(tmp_path / "r"), evolve(printed(content, unit=Unit.EUR), statements=(STATEMENT,))
    assert register.read() == Published()
    assert register.record(edition)
    assert not register.record(edition)
    assert register.read() == Published([edition])
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["2025@2025-04-02.json"]


def test_a_register_file_with_another_name_is_refused(tmp_path: Path) -> None:
    register = Register(tmp_path)
    register.record(printed(NotCommunicated()))
    (tmp_path / "2025@2025-04-02.json").rename(tmp_path / "2024@2025-04-02.json")
    with pytest.raises(StoreError, match="son nom a été changé"):
        register.read()


def test_every_damaged_file_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]", encoding="utf-8")
    (tmp_path / "b.json").mkdir()
    with pytest.raises(StoreError, match=r"a\.json(.|\n)*b\.json.*illisible"):
        Register(tmp_path).read()


def test_an_edition_whose_name_is_no_file_name_is_refused(tmp_path: Path) -> None:
    edition = PublishedEdition(edition="../2025", on=DAY, cells=())
    with pytest.raises(StoreError, match="ne peut pas nommer une publication"):
        Register(tmp_path).record(edition)


def test_a_register_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="ne peut pas être écrit"):
        Register(tmp_path / "r").record(printed(NotCommunicated()))
