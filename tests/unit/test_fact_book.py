"""Facts as known on a day."""

from datetime import date

import pytest

from egide.errors import StoreError, UnknownIdentifier
from egide.facts.book import FactBook
from egide.facts.model import FactKey, Secret, SeriesKey, Status
from egide.facts.relations import Contradiction, Relation
from egide.facts.values import Value
from support.facts import fact

LAST_YEAR = fact("ssmsi/victims/FR/2024", 850, known_on="2025-04-03", status=Status.PROVISIONAL)
THIS_YEAR = fact("ssmsi/victims/FR/2024", 866, known_on="2026-04-02")
LATER = fact("ssmsi/victims/FR/2024", 870, known_on="2027-04-01")
KEY = THIS_YEAR.key


def test_the_latest_statement_known_on_the_day_wins():
    facts = [LATER, LAST_YEAR, THIS_YEAR]
    assert FactBook(facts, date(2025, 12, 31))[KEY] == LAST_YEAR
    assert FactBook(facts, date(2026, 4, 2))[KEY] == THIS_YEAR
    assert FactBook(facts)[KEY] == LATER


def test_every_earlier_statement_is_kept_oldest_first():
    assert FactBook([LATER, THIS_YEAR, LAST_YEAR], date(2026, 12, 31)).vintages(KEY) == (LAST_YEAR, THIS_YEAR)


def test_a_series_runs_in_time_order_whatever_the_order_of_the_facts():
    facts = [fact(f"s/m/FR/{period}", 1) for period in ("2025", "2017..2025", "2024-12-31", "2024")]
    series = FactBook(facts).series(SeriesKey(source="s", measure="m", territory="FR"))
    assert list(series) == ["2017..2025", "2024", "2024-12-31", "2025"]


def test_a_series_keeps_to_its_territory_and_dimensions():
    facts = [fact("s/m/FR/2025", 1), fact("s/m/FR/2025/sex=F", 2), fact("s/m/DEP-62/2025", 3)]
    book = FactBook(facts)
    assert book.series(SeriesKey(source="s", measure="m", territory="FR", dims={"sex": "F"})) == {"2025": facts[1]}
    assert len(book.all_series()) == 3


def test_what_is_not_known_is_empty_or_refused_with_the_nearest_keys():
    book = FactBook([THIS_YEAR])
    absent = FactKey.parse("ssmsi/victim/FR/2024")
    assert (absent in book, book.get(absent), book.vintages(absent), book.series(absent.series)) == (
        False,
        None,
        (),
        {},
    )
    with pytest.raises(UnknownIdentifier, match="Clés proches\u00a0: ssmsi/victims/FR/2024"):
        book[absent]


def test_a_book_without_anything_near_says_only_that_the_fact_is_unknown():
    with pytest.raises(UnknownIdentifier, match=r"Aucun fait ssmsi/victims/FR/2024\.$"):
        FactBook([])[KEY]


def test_one_key_said_two_ways_on_one_day_is_refused():
    with pytest.raises(StoreError, match="ssmsi/victims/FR/2024@2026-04-02 est dit de deux façons"):
        FactBook([THIS_YEAR, fact("ssmsi/victims/FR/2024", 867)])


def test_one_key_said_twice_the_same_way_counts_once():
    assert len(FactBook([THIS_YEAR, fact("ssmsi/victims/FR/2024", 866, row=9)])) == 1


def test_a_book_gives_its_facts_in_key_order():
    facts = [fact("s/z/FR/2025", 1), fact("s/a/FR/2025", 2)]
    assert [item.key.measure for item in FactBook(facts)] == ["a", "z"]


def test_totals_narrow_what_is_hidden_and_nothing_else():
    """956 prosecutable, 938 prosecuted: 18 are left for a `< 5` and an `nc`."""
    hidden = [
        fact("s/m/FR/2024/step=unfit", Secret.NOT_COMMUNICATED),
        fact("s/m/FR/2024/step=other", Secret.BELOW_FIVE),
    ]
    shown = [fact("s/m/FR/2024/step=tried", 938), fact("s/m/FR/2024", 956)]
    total = Relation.total(shown[1].key, [shown[0].key, *(one.key for one in hidden)])
    book = FactBook([*hidden, *shown]).narrowed([total])
    assert [book[one.key].value for one in hidden] == [Value(14, 17), Value(1, 4)]
    assert [book[one.key] for one in shown] == shown
    assert book.series(hidden[0].key.series)["2024"].value == Value(14, 17)
    assert book[hidden[0].key].secret is Secret.NOT_COMMUNICATED


def test_a_total_that_leaves_nothing_is_refused():
    part, whole = fact("s/m/FR/2024/a=x", Secret.NOT_COMMUNICATED), fact("s/m/FR/2024", 3)
    with pytest.raises(Contradiction, match="s/m/FR/2024"):
        FactBook([part, whole]).narrowed([Relation.total(whole.key, [part.key])])
