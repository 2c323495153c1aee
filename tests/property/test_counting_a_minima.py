"""Counting a minima, whatever is written: the lowest reading, never more, and no surprise."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.counting import Level, Situation, count, read_number
from egide.diagnostic.counting.situations import Circle
from egide.diagnostic.counting.vocabulary import SPELT

few = st.integers(1, 60)
spoken = st.sampled_from(sorted(way for way, number in SPELT.items() if 1 <= number <= 60))


def told(numbers: list[tuple[str, Level, int]]) -> list[Situation]:
    return [
        Situation(
            id=f"{rank:016x}",
            answer=f"r{answer}",
            respondents=answer + 1,
            told_in=f"ligne {rank}",
            number=read_number(text),
            level=level,
        )
        for rank, (text, level, answer) in enumerate(numbers)
    ]


texts = st.one_of(
    few.map(str),
    spoken,
    st.tuples(few, few).map(lambda two: f"{two[0]} ou {two[1]}"),
    st.sampled_from(["", "plusieurs", "une dizaine", "moins de 5", "au moins 4", "sans doute beaucoup trop", "0"]),
)
situations = st.lists(st.tuples(texts, st.sampled_from(Level), st.integers(0, 3)), max_size=12)


@given(st.text(max_size=60))
def test_any_text_is_read_or_left_to_a_person_and_never_refused(text):
    found = read_number(text)
    assert found.count == found.possible.low >= 0
    assert found.understood or found.count == 1


@given(few, few)
def test_a_choice_counts_its_lowest_and_a_sum_counts_all(a, b):
    assert read_number(f"{a} ou {b}").count == read_number(f"entre {a} et {b}").count == min(a, b)
    assert read_number(f"{a} femmes et {b} hommes").count == a + b
    assert read_number(f"{a}, {b} ou plus").count <= min(a, b)


@given(spoken, spoken)
def test_words_read_as_figures_do(a, b):
    assert read_number(f"{a} ou {b}") == read_number(f"{SPELT[a]} ou {SPELT[b]}")


@given(few, st.sampled_from(["", "femmes", "jeunes filles", "personnes différentes"]))
def test_more_words_about_who_change_nothing(number, who):
    assert read_number(f"{number} {who}").count == number
    assert read_number(f"au moins {number} {who}").count == number
    assert read_number(f"moins de {number} {who}").count <= number


@given(situations, st.randoms())
@settings(max_examples=60)
def test_the_order_of_rows_does_not_matter(rows, chance):
    there = told(rows)
    shuffled = there.copy()
    chance.shuffle(shuffled)
    first, second = count(there), count(shuffled)
    assert (first.levels, first.circles, first.respondents) == (second.levels, second.circles, second.respondents)
    assert sorted(first.to_settle) == sorted(second.to_settle)


@given(situations)
@settings(max_examples=60)
def test_circles_are_nested_and_levels_make_the_widest(rows):
    found = count(told(rows))
    wide, inside, sure = (found.circles[circle].least for circle in Circle)
    assert wide >= inside >= sure
    assert wide == sum(level.least for level in found.levels.values())
    assert inside == found.levels[Level.PROBABLE].least + found.levels[Level.ESTABLISHED].least
