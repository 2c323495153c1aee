"""The store appends, never changes, survives crashes, and gives back to the last digit what it was given."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import textwrap
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.errors import StoreError
from egide.facts import engines
from egide.facts.model import Kind, Secret, Status, Unit
from egide.facts.store import Store
from egide.facts.values import Value
from support.facts import fact

SHA = {"a": "a" * 64, "b": "b" * 64}


def sent(*facts, file="a", known_on=None):
    """Facts as parts of one file."""
    return [
        evolve(
            item,
            origin=evolve(item.origin, delivery=f"{file}.csv", sha256=SHA[file]),
            known_on=date.fromisoformat(known_on) if known_on else item.known_on,
        )
        for item in facts
    ]


ADULTS = fact("ssmsi/victims/FR/2025/age=ge18", 880)
MINORS = fact("ssmsi/victims/FR/2025/age=lt18", Secret.BELOW_FIVE)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def contents(store):
    return {path.name: path.read_bytes() for path in store.folder.rglob("*.parquet")}


# ---- append and read ----


def test_what_was_recorded_is_read_back_as_it_was(store):
    facts = sent(ADULTS, MINORS)
    assert store.append(facts).text() == "a.csv\u00a0: 2 faits de la source ssmsi enregistrés à la date du 2026-04-02."
    assert list(store.facts()) == facts


def test_a_delivery_is_one_file_named_by_its_source_day_and_digest(store):
    store.append(sent(ADULTS))
    assert [str(p.relative_to(store.folder)) for p in store.folder.rglob("*.parquet")] == [
        "ssmsi/2026-04-02--aaaaaaaaaaaa.parquet"
    ]


def test_the_same_file_on_the_same_day_is_recorded_once(store):
    store.append(sent(ADULTS))
    before = contents(store)
    receipt = store.append(sent(ADULTS))
    assert receipt.text() == "a.csv\u00a0: déjà enregistré à la date du 2026-04-02 (1 fait), rien n’a changé."
    assert contents(store) == before


def test_a_revision_follows_the_earlier_statement_and_both_can_be_read(store):
    store.append(sent(ADULTS, MINORS, known_on="2025-04-03"))
    store.append(sent(evolve(ADULTS, value=Value.exact(890)), file="b"))
    assert [str(found.value) for found in store.vintages(ADULTS.key)] == ["880", "890"]
    assert str(store.facts()[ADULTS.key].value) == "890"
    assert str(store.facts(date(2026, 4, 1))[ADULTS.key].value) == "880"
    assert len(store.facts(date(2025, 4, 2))) == 0


@pytest.mark.parametrize("day", [None, date(2026, 4, 2), date(2026, 4, 1)])
def test_the_engine_picks_the_same_latest_statements_as_the_book(store, day):
    store.append(sent(ADULTS, MINORS, known_on="2025-04-03"))
    store.append(sent(evolve(ADULTS, value=Value.exact(890)), file="b"))
    assert list(store.facts(day, vintages=False)) == list(store.facts(day))
    assert all(len(store.facts(day, vintages=False).vintages(key)) == 1 for key in (ADULTS.key, MINORS.key))


def test_deliveries_are_listed_oldest_first(store):
    store.append(sent(ADULTS))
    store.append(sent(ADULTS, MINORS, file="b", known_on="2025-04-03"))
    assert [(item.file_name, item.facts) for item in store.deliveries()] == [("b.csv", 2), ("a.csv", 1)]


def test_an_empty_store_knows_nothing(store):
    assert (len(store.facts()), store.vintages(ADULTS.key), store.deliveries()) == (0, (), ())


def test_there_is_no_way_to_change_or_remove_what_was_recorded():
    public = [name for name in vars(Store) if not name.startswith("_")]
    assert sorted(public) == ["append", "deliveries", "facts", "folder", "vintages"]


# ---- refused ----


def other_source(item):
    return evolve(item, key=evolve(item.key, source="sdfe"))


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([], "sans aucun fait"),
        (sent(ADULTS, ADULTS), "est dit 2 fois dans a.csv"),
        (sent(ADULTS, other_source(MINORS)), "plusieurs sources, jours ou fichiers"),
        ([*sent(ADULTS), *sent(MINORS, known_on="2026-04-03")], "plusieurs sources, jours ou fichiers"),
        ([*sent(ADULTS), *sent(MINORS, file="b")], "plusieurs sources, jours ou fichiers"),
        (sent(ADULTS, evolve(MINORS, measure=evolve(MINORS.measure, unit=Unit.EUR))), "deux définitions dans a.csv"),
        (sent(evolve(ADULTS, key=evolve(ADULTS.key, source=".."))), "n’est pas un nom de source"),
    ],
)
def test_facts_that_are_not_one_sound_delivery_are_refused(store, facts, message):
    with pytest.raises(StoreError, match=re.escape(message)):
        store.append(facts)
    assert contents(store) == {}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"unit": Unit.PERCENT}, "unit count devient percent"),
        ({"kind": Kind.STOCK}, "kind flow devient stock"),
        ({"counts": "procédures"}, "counts personnes devient procédures"),
        ({"overlapping": ("age",)}, 'overlapping [] devient ["age"]'),
    ],
)
def test_a_measure_that_no_longer_counts_the_same_thing_is_refused(store, changed, message):
    store.append(sent(ADULTS, known_on="2025-04-03"))
    with pytest.raises(StoreError, match=re.escape(message)):
        store.append(sent(evolve(ADULTS, measure=evolve(ADULTS.measure, **changed)), file="b"))


def test_a_measure_may_be_called_otherwise_and_another_source_may_use_its_code(store):
    store.append(sent(ADULTS, known_on="2025-04-03"))
    store.append(sent(evolve(ADULTS, measure=evolve(ADULTS.measure, label="Victimes majeures")), file="b"))
    sdfe = other_source(ADULTS)
    store.append(sent(evolve(sdfe, measure=evolve(sdfe.measure, unit=Unit.EUR))))
    assert len(store.deliveries()) == 3


def test_a_key_stated_that_day_by_another_file_is_refused_and_other_keys_are_not(store):
    store.append(sent(ADULTS))
    with pytest.raises(StoreError, match="déjà enregistré à la date du 2026-04-02, dans un autre état du fichier"):
        store.append(sent(ADULTS, MINORS, file="b"))
    store.append(sent(MINORS, file="b"))
    assert len(store.facts()) == 2


def test_two_files_whose_digests_begin_alike_are_not_taken_for_one(store):
    store.append(sent(ADULTS))
    twin = [evolve(ADULTS, origin=evolve(ADULTS.origin, delivery="a.csv", sha256="a" * 12 + "c" * 52))]
    with pytest.raises(StoreError, match="une autre livraison"):
        store.append(twin)


# ---- damaged files ----


@pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_a_damaged_file_is_refused_by_its_name_never_read_around(store, place):
    store.append(sent(ADULTS, MINORS))
    path = next(store.folder.rglob("*.parquet"))
    content = bytearray(path.read_bytes())
    position = min(int(len(content) * place), len(content) - 1)
    content[position] ^= 0xFF
    path.write_bytes(content)
    try:
        assert list(Store(store.folder).facts()) == sent(ADULTS, MINORS)
    except StoreError as error:
        assert path.name in str(error)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"indicateur;valeur\n", b"PAR1" * 1000])
def test_a_file_that_is_no_parquet_is_refused_by_its_name(store, content):
    store.append(sent(ADULTS))
    stranger = store.folder / "ssmsi" / "2026-04-02--bbbbbbbbbbbb.parquet"
    stranger.write_bytes(content)
    for ask in (store.facts, store.deliveries, lambda: store.vintages(ADULTS.key)):
        with pytest.raises(StoreError, match=re.escape(stranger.name)):
            ask()


def test_a_file_that_was_renamed_is_refused(store):
    store.append(sent(ADULTS))
    path = next(store.folder.rglob("*.parquet"))
    path.rename(path.with_name("2025-04-02--aaaaaaaaaaaa.parquet"))
    with pytest.raises(StoreError, match=r"2025-04-02--aaaaaaaaaaaa\.parquet est illisible"):
        store.facts()


# ---- crashes and two writers ----

# One process imports everything, then forks a writer for each step and lets it be killed just before that step.
WRITERS = """
    import os, signal, sys
    from pathlib import Path
    from egide.facts.store import Store
    sys.path.insert(0, {tests!r})
    from support.facts import fact

    def dying(real, steps):
        def call(*arguments):
            if next(steps) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)
        return call

    for step in range(5):
        if child := os.fork():
            print(step, os.WTERMSIG(os.waitpid(child, 0)[1]))
        else:
            steps = iter(range(step, -10, -1))
            os.fsync, os.rename = dying(os.fsync, steps), dying(os.rename, steps)
            new = fact("ssmsi/victims/FR/2024", 850, known_on="2025-04-03")
            Store(Path({folder!r}) / str(step)).append([new])
            os._exit(0)
"""


@pytest.fixture(scope="module")
def crashes(tmp_path_factory):
    """A store for each step at which a second writer was killed, and the signal it ended on."""
    folder = tmp_path_factory.mktemp("crashes")
    for step in range(5):
        Store(folder / str(step)).append(sent(ADULTS))
    script = textwrap.dedent(WRITERS).format(tests=str(Path(__file__).parents[1]), folder=str(folder))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    signals = dict(map(int, line.split()) for line in done.stdout.splitlines())
    return {step: (Store(folder / str(step)), signals[step]) for step in range(5)}


KILLED = signal.SIGKILL


@pytest.mark.parametrize(
    ("step", "ended", "recorded"),
    [
        pytest.param(0, KILLED, 1, id="before the bytes are on disk"),
        pytest.param(1, KILLED, 1, id="before the rename"),
        pytest.param(2, KILLED, 2, id="before the folder is on disk"),
        pytest.param(3, KILLED, 2, id="before its parent is on disk"),
        pytest.param(4, 0, 2, id="never: there is no fifth step"),
    ],
)
def test_a_writer_killed_at_any_step_leaves_the_store_as_it_was_or_as_it_would_be(crashes, step, ended, recorded):
    store, how = crashes[step]
    assert how == ended
    assert (len(store.deliveries()), len(store.facts())) == (recorded, recorded)


def test_what_a_crash_left_behind_is_not_read_and_is_swept_at_the_next_write(crashes):
    store, _ = crashes[1]
    left = next(store.folder.rglob("*.aside"))
    assert list(store.facts()) == sent(ADULTS)
    store.append(sent(MINORS, file="b", known_on="2026-04-09"))
    assert not left.exists()


def test_a_rename_that_fails_leaves_the_store_as_it_was(store, monkeypatch):
    store.append(sent(ADULTS))
    before = contents(store)

    def full_disk(*_paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full_disk)
    with pytest.raises(StoreError, match="ne peut pas être écrit"):
        store.append(sent(MINORS, file="b"))
    assert contents(store) == before


def test_a_second_writer_is_refused_while_a_first_one_writes_and_readers_are_not(store):
    store.append(sent(ADULTS))
    with (store.folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Un autre enregistrement est en cours"):
            store.append(sent(MINORS, file="b"))
        assert len(store.facts()) == 1
    assert not store.append(sent(MINORS, file="b")).already_recorded


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="ne peut pas être écrit"):
        Store(tmp_path / "file" / "store").append(sent(ADULTS))


# ---- exact values ----

bounds = st.none() | st.fractions() | st.integers(-(10**30), 10**30).map(Fraction)
words = st.text(st.characters(codec="utf-8", exclude_characters="/@; \n="), min_size=1, max_size=8)


@st.composite
def facts(draw):
    low, high = draw(bounds), draw(bounds)
    value = draw(st.none() | st.just(Value(low, high) if None in (low, high) or low <= high else Value(high, low)))
    item = fact("s/m/FR/2025", value, unit=draw(st.sampled_from(Unit)), kind=draw(st.sampled_from(Kind)))
    return evolve(
        item,
        key=evolve(item.key, dims=draw(st.dictionaries(words, words, max_size=3))),
        measure=evolve(item.measure, label=draw(st.text(st.characters(codec="utf-8")))),
        status=draw(st.sampled_from(Status)),
        secret=draw(st.sampled_from(Secret)),
        note=draw(st.text(st.characters(codec="utf-8"))),
    )


@settings(max_examples=30)
@given(item=facts())
def test_any_fact_comes_back_to_the_last_digit(tmp_path_factory, item):
    store = Store(tmp_path_factory.mktemp("store"))
    store.append([item])
    assert list(store.facts()) == [item]
    assert store.vintages(item.key) == (item,)


# ---- the engine ----


def test_the_engine_works_in_utc_and_fetches_nothing():
    engine = engines.connect()
    names = ["TimeZone", "autoinstall_known_extensions", "autoload_known_extensions", "threads"]
    settings_found = engine.sql(
        f"SELECT {', '.join(f'current_setting($${name}$$) AS {name.lower()}' for name in names)}"
    )
    assert list(settings_found.to_pyarrow().to_pylist()[0].values()) == ["UTC", False, False, 2]
    engine.disconnect()
