"""Tokens of several lists become tables of counts, with what is sure and what is not. docs/methods/list-tokens.md."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from attrs import evolve

from egide.cli.link import _tell as tell
from egide.errors import DeliveryRefused, StoreError
from egide.linkage.link import link
from egide.linkage.pairs import Pairs
from egide.linkage.pseudonyms import Key
from egide.linkage.settings import Settings
from egide.unseen.linking import folder, likeness, token_files
from egide.unseen.linking.keys import destroy_key_file, fingerprint, new_key_file, read_key
from egide.unseen.linking.persons import persons
from egide.unseen.linking.tables import Found, linked
from egide.unseen.linking.token_files import TokenList, token_list, token_text
from egide.unseen.linking.tokens import RULES, tokens
from support.partners import HEADINGS, partners

KEY = Key(b"k" * 32)
PRINT = fingerprint(KEY)
NAMES = ("ase", "police", "association")


def token_lists(world, key: Key = KEY) -> list[TokenList]:
    found = []
    for name, rows in zip(NAMES, world.rows, strict=False):
        cells = [(number, dict(zip(HEADINGS, row, strict=True))) for number, row in enumerate(rows, start=2)]
        known = persons(HEADINGS, cells, declared={}, today=date(2026, 1, 1))
        found.append(token_list(name, fingerprint(key), (tokens(one, key) for one in known)))
    return found


def chance() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.fixture(scope="module")
def world():
    return partners(3, 1_200, (0.3, 0.3, 0.3), noise=0.08)


@pytest.fixture(scope="module")
def engine():
    """Splink, asked once for each settings: the lists of `world` are linked by several tests."""
    known: dict[Settings, Pairs] = {}

    def asked(columns, settings) -> Pairs:
        if settings not in known:
            known[settings] = link(columns, settings)
        return known[settings]

    return asked


@pytest.fixture(scope="module")
def done(world, engine):
    return linked(token_lists(world), engine=engine, chance=chance(), draws=20)


def test_lists_without_a_mistake_give_the_true_table():
    clean = partners(1, 400, (0.4, 0.4, 0.4), noise=0, missing=0, twice=0.1)
    found = linked(token_lists(clean), engine=link, chance=chance(), draws=3)
    assert found.table.counts.tolist() == clean.counts()
    assert [one.persons for one in found.lists] == [len(set(rows)) for rows in clean.person]


def test_lists_with_nobody_in_common_give_a_table_without_overlap():
    lists = [token_list(name, PRINT, [tuple(f"{seed:032x}" for _ in RULES)]) for seed, name in enumerate(NAMES)]
    found = linked(lists, engine=link, chance=chance(), draws=2, found=Found(recall=0.9, low=0.8, high=0.95))
    assert found.table.counts.tolist() == [0, 1, 1, 0, 1, 0, 0, 0]
    assert found.at_best is None and set(found.pairs.values()) == {0}
    assert [one.repeated for one in found.drawn] == [0, 0]


def test_with_mistakes_the_table_is_near_the_truth_and_short_of_overlaps(world, done):
    truth = np.array(world.counts())
    assert np.abs(done.table.counts - truth).sum() < 0.12 * truth.sum()
    assert 0.85 * truth[[3, 5, 6, 7]].sum() < done.table.repeated < 1.02 * truth[[3, 5, 6, 7]].sum()


def test_drawn_tables_differ_and_are_on_average_near_the_likeliest(done):
    repeated = [one.repeated for one in done.drawn]
    assert len(set(repeated)) > 3
    assert np.mean(repeated) == pytest.approx(done.table.repeated, rel=0.06)


def test_persons_of_a_list_are_the_same_in_every_table_but_for_its_duplicates(world, done):
    for place, rows in enumerate(world.person):
        on = (np.arange(8) >> place & 1) > 0
        for one in (done.table, *done.drawn):
            assert one.counts[on].sum() == pytest.approx(len(set(rows)), rel=0.04)


def test_links_that_were_measured_missing_come_back_in_the_draws(world, engine, done):
    measured = Found(recall=0.8, low=0.75, high=0.85)
    mended = linked(token_lists(world), engine=engine, chance=chance(), draws=20, found=measured)
    assert mended.table.counts.tolist() == done.table.counts.tolist()
    assert np.mean([one.repeated for one in mended.drawn]) > 1.12 * done.table.repeated


def test_the_engine_gives_each_pattern_the_probability_that_chance_leaves_it():
    """1 - expected by chance / seen, but for the few pairs that were believed before any was seen."""
    records = [one for each in token_lists(partners(5, 1_500, (0.4, 0.4), noise=0.15)) for one in each.records]
    columns = likeness.columns(records)
    pairs = link(columns, likeness.learned(records, link(columns, likeness.settings(records))))
    levels = likeness.level_of(records, pairs)
    every = len(records) * (len(records) - 1) / 2
    for rank in np.unique(levels):
        level, seen = likeness.LEVELS[rank], (levels == rank).sum()
        real = max(seen - every * level.u, 0) + 5 * level.m
        assert pairs.probability[levels == rank] == pytest.approx(real / (real + every * level.u), rel=0.02)


def test_what_tokens_can_find_at_best_follows_from_what_agrees_on_two_fields_of_three():
    """Surname heard in 9 of 10, given name in 8 of 10, date in 7 of 10: independent, two of three are 0.902."""
    place = {rule: rank for rank, rule in enumerate(RULES)}
    records, left = [], []
    for agreeing, number in ((("sound", "given"), 504), (("sound",), 126), (("given",), 56), (("year",), 216)):
        for _ in range(number):
            shared = {rule: f"{len(records):032x}" for rule in agreeing}
            left.append(len(records))
            records += [tuple(shared.get(rule, "") for rule in place)] * 2
    left = np.array(left)
    pairs = Pairs(records=len(records), left=left, right=left + 1, probability=np.ones(len(left)))
    assert likeness.found_at_best(records, pairs) == pytest.approx(0.902)
    assert likeness.found_at_best(records, pairs.kept(np.zeros(len(left), dtype=bool))) is None


# ---- the folder ----


def test_the_folder_holds_counts_and_no_token_and_is_read_back(tmp_path, world, done):
    made = folder.files(done, seed=1)
    assert sorted(made) == ["resume.json", "tableau.csv", *(f"tirage-{rank:03}.csv" for rank in range(1, 21))]
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    table, drawn = folder.read_tables(tmp_path)
    assert table.counts.tolist() == done.table.counts.tolist()
    assert [one.counts.tolist() for one in drawn] == [one.counts.tolist() for one in done.drawn]
    tokens_made = {token for each in token_lists(world) for one in each.records for token in one if token}
    everything = b"".join(made.values()).decode()
    assert not [token for token in tokens_made if token in everything]
    said = json.loads(made["resume.json"])
    assert said["personnes"] == done.table.seen and said["paires"]["sures"] > 100


def test_one_pair_is_told_in_the_singular(tmp_path, done, capsys):
    tell(tmp_path, evolve(done, pairs={"sures": 583, "probables": 1, "douteuses": 0}))
    assert "Paires : 583 sûres, 1 probable, 0 douteuse." in capsys.readouterr().out.replace("\u00a0", " ")


@pytest.mark.parametrize("content", ["", "a,b,count\n1,0,douze\n", "a,b,count\n1,0,1.5\n", "Canarix\n"])
def test_another_file_in_the_folder_is_refused_without_quoting_it(tmp_path, content):
    (tmp_path / folder.TABLE).write_text(content)
    with pytest.raises(StoreError, match="tableau écrit par") as caught:
        folder.read_tables(tmp_path)
    assert "Canarix" not in str(caught.value)


# ---- files of tokens ----


def written(tmp_path, *lists: TokenList) -> list:
    paths = []
    for rank, one in enumerate(lists):
        path = tmp_path / f"{rank}.jetons"
        path.write_text(token_text(one))
        paths.append(path)
    return paths


def small(name: str, key: str = PRINT, *, seed: int = 1) -> TokenList:
    return token_list(name, key, [tuple(f"{seed:032x}" for _ in RULES), ("",) * len(RULES)])


def test_a_file_of_tokens_is_read_back_and_counts_who_has_none(tmp_path):
    lists = (small("ase"), small("police", seed=2))
    assert token_files.read(written(tmp_path, *lists)) == lists
    assert lists[0].without == 1


def defects(paths) -> list[str]:
    with pytest.raises(DeliveryRefused) as caught:
        token_files.read(paths)
    return [one.text() for one in caught.value.defects]


def test_two_keys_two_lists_of_one_name_and_an_empty_list_are_told_at_once(tmp_path):
    empty = token_list("vide", PRINT, [])
    said = defects(written(tmp_path, small("ase"), small("ase"), small("police", "0" * 16), empty))
    assert [one.split(" :")[0] for one in said] == ["1.jetons", "2.jetons", "3.jetons"]


def test_one_list_alone_and_ten_are_refused(tmp_path):
    assert "2 à 9" in defects(written(tmp_path, small("ase")))[0]
    assert "2 à 9" in defects(written(tmp_path, *(small(f"l{rank}") for rank in range(10))))[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "Nom;Prénom\nCanarix;Zoé\n",
        lambda text: "",
        lambda text: text.replace('"regles": "1"', '"regles": "2"'),
        lambda text: text.replace('"lignes": 1', '"lignes": 2'),
        lambda text: text.replace('"liste": "ase"', '"liste": "Canarix Zoé"'),
        lambda text: text + "Canarix\n",
        lambda text: text.replace("00000000000000000000000000000001", "Canarix", 1),
        lambda text: text.replace("00000000000000000000000000000001", "00000000000000000000000000000002", 1),
        lambda text: text.replace('"sans_jeton": 1', '"sans_jeton": 0'),
        lambda text: text.replace('"sans_jeton": 1', f'"sans_jeton": {10**4_000}'),
        lambda text: "[" * 100_000,
    ],
    ids=[
        "clear list",
        "empty",
        "other rules",
        "cut",
        "no list name",
        "a line more",
        "no token",
        "one figure",
        "fewer",
        "huge",
        "deep",
    ],
)
def test_a_file_that_is_not_what_was_made_is_refused_without_quoting_it(tmp_path, spoil):
    paths = written(tmp_path, small("ase"), small("police", seed=2))
    paths[0].write_text(spoil(paths[0].read_text()))
    said = defects(paths)
    assert said and all(one.startswith("0.jetons") for one in said)
    assert not any("Canarix" in one for one in said)


def test_ends_of_lines_that_a_mail_changed_change_nothing(tmp_path):
    lists = (small("ase"), small("police", seed=2))
    paths = written(tmp_path, *lists)
    paths[0].write_bytes(paths[0].read_bytes().replace(b"\n", b"\r\n"))
    assert token_files.read(paths) == lists


def test_a_word_put_for_unknown_in_a_whole_list_is_refused_before_millions_of_pairs_are_looked_at(tmp_path):
    alike = token_list("police", PRINT, [tuple(f"{7:032x}" for _ in RULES)] * 2_200)
    (said,) = defects(written(tmp_path, small("ase"), alike))
    assert said.startswith("1.jetons") and "2\u202f200\u00a0lignes" in said


# ---- the key ----


def test_a_key_is_for_its_owner_only_made_once_and_destroyed(tmp_path):
    path = tmp_path / "commune.cle"
    told = new_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert fingerprint(read_key(path)) == told
    assert told not in path.read_text()
    with pytest.raises(StoreError, match="jamais remplacée"):
        new_key_file(path)
    assert destroy_key_file(path) == told
    assert not path.exists()


def test_a_key_is_overwritten_wherever_its_other_names_are(tmp_path):
    path, other, way = (tmp_path / name for name in ("commune.cle", "copie.cle", "vers.cle"))
    new_key_file(path)
    other.hardlink_to(path)
    way.symlink_to(path)
    destroy_key_file(way)
    assert set(other.read_bytes()) == {0}


def test_a_key_that_others_may_read_and_a_file_that_is_no_key_are_refused(tmp_path):
    path = tmp_path / "commune.cle"
    new_key_file(path)
    secret = path.read_text().splitlines()[1]
    path.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600") as caught:
        read_key(path)
    assert secret not in str(caught.value)
    assert destroy_key_file(path) and not path.exists()  # seen by others: all the more
    other = tmp_path / "suivis.csv"
    other.write_text("Nom\nCanarix\n")
    with pytest.raises(StoreError, match="reçu autre chose") as caught:
        destroy_key_file(other)
    assert other.exists() and "Canarix" not in str(caught.value)
