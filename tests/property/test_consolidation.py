"""The interval of consolidation holds every way the doubts may fall, and only narrows."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.consolidation.decisions import Beliefs, Decision, Entry, groups_of, standing
from egide.diagnostic.consolidation.interval import Told, consolidate
from egide.diagnostic.consolidation.likeness import DOUBTFUL, SURE, Pair
from egide.diagnostic.counting.situations import Circle, Level

IDS = tuple("abcdef")
couples = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda two: two[0] < two[1])
pairs = st.lists(st.tuples(couples, st.sampled_from([DOUBTFUL, 0.5, SURE])), max_size=6, unique_by=lambda p: p[0]).map(
    lambda found: tuple(Pair(one=a, other=b, probability=p) for (a, b), p in found)
)
tellings = st.tuples(*[st.tuples(st.sampled_from(Level), st.integers(0, 6)) for _ in IDS]).map(
    lambda told: tuple(Told(id=i, level=level, persons=n) for i, (level, n) in zip(IDS, told, strict=True))
)


def warshall(links) -> set[frozenset[str]]:
    """Transitive closure by a matrix: another algorithm than union and find."""
    reach = {(a, b): a == b or (a, b) in links or (b, a) in links for a in IDS for b in IDS}
    for via, a, b in product(IDS, IDS, IDS):
        reach[a, b] = reach[a, b] or (reach[a, via] and reach[via, b])
    return {frozenset(b for b in IDS if reach[a, b]) for a in IDS}


@given(st.lists(couples))
@settings(max_examples=50)
def test_closure_is_what_a_matrix_gives(links):
    assert {frozenset(group) for group in groups_of(IDS, links)} == warshall(set(links))


@given(tellings, pairs, st.data())
@settings(max_examples=50)
def test_the_interval_holds_every_way_the_doubts_may_fall(told, listed, data):
    """Any subset of the doubtful pairs is true; a situation told twice has a number between those told."""
    beliefs = Beliefs(pairs=listed, decided={})
    found = consolidate(told, beliefs).persons
    true = [pair for pair in beliefs.doubtful if data.draw(st.booleans())]
    persons = dict.fromkeys(Circle, 0)
    for group in groups_of(IDS, (*beliefs.same, *true)):
        inner = 0
        for circle in reversed(Circle):  # from the smallest: a wider circle holds the persons of an inner one
            numbers = [t.persons for t in told if t.id in group and circle.holds(t.level)]
            if numbers:
                inner = max(inner, data.draw(st.integers(min(numbers), max(numbers))))
            persons[circle] += inner
    for circle in Circle:
        assert found[circle].contains(persons[circle])


@given(tellings, pairs, st.randoms())
@settings(max_examples=50)
def test_each_decision_keeps_the_interval_within_the_one_before(told, listed, chance):
    entries: list[Entry] = []
    before = consolidate(told, Beliefs(pairs=listed, decided={}))
    while doubtful := (beliefs := Beliefs(pairs=listed, decided=standing(entries))).doubtful:
        entries.append(Entry(pair=chance.choice(doubtful), decision=chance.choice([Decision.SAME, Decision.DIFFERENT])))
        after = consolidate(told, Beliefs(pairs=listed, decided=standing(entries)))
        assert all(after.persons[circle].within(before.persons[circle]) for circle in Circle)
        assert after.doubtful < len(beliefs.doubtful)
        before = after


@given(tellings, pairs, st.randoms())
@settings(max_examples=30)
def test_circles_stay_nested_and_order_does_not_matter(told, listed, chance):
    found = consolidate(told, Beliefs(pairs=listed, decided={})).persons
    for ends in ([value.low for value in found.values()], [value.high for value in found.values()]):
        assert ends == sorted(ends, reverse=True)
    shuffled, others = list(told), list(listed)
    chance.shuffle(shuffled)
    chance.shuffle(others)
    assert consolidate(shuffled, Beliefs(pairs=tuple(others), decided={})).persons == found


@given(st.lists(st.tuples(couples, st.sampled_from(Decision)), max_size=12))
@settings(max_examples=30)
def test_the_last_word_on_a_pair_stands(said):
    found = standing(Entry(pair=pair, decision=decision) for pair, decision in said)
    last = {pair: decision for pair, decision in said}
    assert found == {pair: decision for pair, decision in last.items() if decision is not Decision.UNDONE}
