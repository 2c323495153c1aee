"""The hard rules of the intake of ads. Each fails the build. The list: docs/methods/census-hard-rules.md."""

from __future__ import annotations

import ast
import importlib
import inspect
import logging
import pkgutil
import tempfile
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

import egide
import egide.diagnostic.census
from egide.cli.diagnostic_census import census
from egide.diagnostic.census import door, runs
from egide.diagnostic.census.door import Alive, DoorFailed, Keys, cross, hashed
from egide.diagnostic.census.features import DECLARED, Features
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.duplicates import Ads, Clusters
from egide.errors import DeliveryRefused
from egide.linkage.pseudonyms import Key, KeyDestroyed
from support.census import MANIFEST, TODAY, ad, csv_of, each_alone, jsonl_of, on, received, xlsx_of

DAY = "AAAA-MM-JJ"
PHRASE = "visite guidée du jardin aux hortensias bleus"
NAME = "Clémentine-Zoé Barbotine"
MAIL = "fleurs.hortensia+jardin@bouquets-exemple.fr"
TOWN = "Quelque-Part-les-Tulipes 0699887766"
NUMBERS = {
    "0611223344": "06 11 22 33 44",
    "0622334455": "+33 6 22.33.44.55",
    "0633445566": "O6 33 44 55 66",
    "0644556677": "zéro six quarante-quatre cinquante-cinq soixante-six soixante-dix-sept",
    "0655667788": "0💐6💐5💐5💐6💐6💐7💐7💐8💐8",
    "0666778899": "０６６６７７８８９９",
    "0692123456": "00262 692 12 34 56",
    "470123456": "+32 470 12 34 56",
}
CANARIES = (PHRASE, NAME, MAIL, TOWN, *NUMBERS.values())


def hostile() -> list[dict[str, str]]:
    """A corpus whose every cell holds a canary, besides ordinary ads."""
    rows = [ad(texte=f"{PHRASE}, {how} {MAIL}", titre=NAME, telephone=how, nom=NAME) for how in NUMBERS.values()]
    rows += [ad(texte=PHRASE.upper(), telephone=" / ".join(NUMBERS.values()), compte=NAME, courriel=MAIL)]
    rows += [ad(texte=PHRASE, commune=TOWN, date=f"hier, {PHRASE}", compte=MAIL)]
    rows += [ad(date=hidden) for hidden in ("06.11.22 33 44", "06-11-2233 44")]
    return rows + [ad(texte=f"bouquet numéro {'abcdefghijklmnop'[place]} du marché") for place in range(16)]


def pieces(text: str) -> set[str]:
    folded = text.casefold()
    return {folded[place : place + 12] for place in range(max(1, len(folded) - 11))}


def assert_nothing_of_them(said: str) -> None:
    blob = said.casefold()
    digits = "".join(char for char in blob if char.isdigit() or char.isalpha())
    for canary in CANARIES:
        assert not [piece for piece in pieces(canary) if piece in blob], "a canary came out"
    for number in NUMBERS:
        assert number[-8:] not in digits, "a number came out"


def everything_under(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in files)


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(census, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    said = result.output
    if result.exception is not None:
        said += "".join(traceback.format_exception(result.exception)) + repr(result.exception)
    return said


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The team's own folder, which holds ads, and every place where nothing of them may come."""
    found = {name: tmp_path / name for name in ("team", "store", "work", "temp")}
    for folder in found.values():
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(found["temp"]))
    monkeypatch.setattr(tempfile, "tempdir", str(found["temp"]))
    monkeypatch.chdir(found["work"])
    on(TODAY, monkeypatch)
    (found["team"] / "manifeste.toml").write_text(MANIFEST, encoding="utf-8")
    return found


def test_no_piece_of_an_ad_comes_out_anywhere(
    places: dict[str, Path], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    file = csv_of(places["team"] / "annonces.csv", hostile())
    common = ("--manifest", places["team"] / "manifeste.toml")
    store = ("--store", places["store"])
    said = run("check", file, *common)
    said += run("import", file, *common, *store)
    said += run("import", file, *common, *store, "--confirm", "--frame", places["work"] / "cadre.csv")
    said += run("counts", f"{TODAY}-1", *store)
    said += run("estimate", file, *common, *store, *coded_sheet(places["team"], "oui"))
    said += everything_under(places["store"])
    on("2026-06-01", monkeypatch)
    said += run("purge", *store, "--confirm")
    said += caplog.text
    for name in ("store", "work", "temp"):
        said += everything_under(places[name])
    assert "28\u00a0annonces" in said  # the run did happen
    assert_nothing_of_them(said)


@pytest.mark.parametrize("said", [PHRASE[5:17].upper(), "tel. 06.11.22.33.44", "22334455", NAME])
def test_a_leak_would_be_seen(said: str) -> None:
    with pytest.raises(AssertionError):
        assert_nothing_of_them(f"ligne 3 : {said}.")


def coded_sheet(team: Path, answer: str, heading: str = "atelier") -> tuple[object, ...]:
    """A coded sample of the hostile corpus: all its ads, each alone."""
    ads = len(hostile())
    columns = ("numero", "strate", "annonces_strate", "recherche", "annonces_meme_personne", "organise")
    clues = [f"N{rank}" for rank in range(1, 10)]
    rows = [[str(10000 + rank), "S1", str(ads), "corpus", "1", *["oui"] * 10, answer] for rank in range(ads)]
    sheet = xlsx_of(team / "feuille.xlsx", [[*columns, *clues, heading], *rows])
    key = team / "cle.csv"
    key.write_text("numero;rang\n" + "".join(f"{10000 + rank};{rank + 1}\n" for rank in range(ads)), encoding="utf-8")
    return ("--sheet", sheet, "--key", key, "--report-on", "2026-09-01")


@pytest.mark.parametrize("answer", [PHRASE, NUMBERS["0611223344"], NAME])
def test_no_sheet_that_holds_more_than_codes_comes_in(places: dict[str, Path], answer: str) -> None:
    team, store = places["team"], ("--store", places["store"])
    file = csv_of(team / "annonces.csv", hostile())
    common = (file, "--manifest", team / "manifeste.toml", *store)
    said = run("estimate", *common, *coded_sheet(team, answer), code=3)
    said += run("estimate", *common, *coded_sheet(team, "oui", heading=answer), code=3)
    swapped = ("--sheet", team / "annonces.csv", "--key", team / "annonces.csv", "--report-on", "2026-09-01")
    said += run("estimate", *common, *swapped, code=3)
    said += run("estimate", *common, *coded_sheet(team, "oui")[:2], "--key", file, "--report-on", "2026-09-01", code=3)
    assert_nothing_of_them(said + "".join(everything_under(places[name]) for name in ("store", "work", "temp")))
    assert not (places["store"] / "echantillons").exists()


def test_no_refusal_quotes_an_ad(places: dict[str, Path]) -> None:
    team, store = places["team"], ("--store", places["store"], "--confirm")
    common = ("--manifest", team / "manifeste.toml")
    headless = [[cell for cell in row.values() if cell] for row in hostile()]
    wrong = [ad(site=PHRASE, page=NAME, texte=PHRASE) | {"pertinente": MAIL, PHRASE: NAME, NAME: MAIL}]
    files = [
        csv_of(team / "a.csv", wrong),
        jsonl_of(team / "b.jsonl", [{"texte": PHRASE, "site": "S1"}, {PHRASE: NAME}, {"texte": [PHRASE]}]),
        xlsx_of(team / "c.xlsx", [[*row] + [""] * (9 - len(row)) for row in headless], merged=["A2:B2"]),
        team / "d.csv",
        team / "e.jsonl",
    ]
    files[3].write_bytes(f'texte;site\n{PHRASE};S1;{NAME}\n"{PHRASE}'.encode())
    files[4].write_bytes(f'{{"texte": "{PHRASE} \\ud83d", "site": "S1"}}\n{{"{PHRASE}\n'.encode())
    said = "".join(run("import", file, *common, *store, code=3) for file in files)
    bad = MANIFEST.replace("[collecte]", f'[collecte]\n"{PHRASE}" = "{NAME}"').replace('"S1"', f'"{MAIL}"')
    (team / "manifeste.toml").write_text(bad.replace("connaissance", PHRASE), encoding="utf-8")
    said += run("check", files[0], *common, code=3)
    said += run("check", team / "d.csv", "--manifest", team / "d.csv", code=3)
    assert_nothing_of_them(said + everything_under(places["store"]))
    assert not (places["store"] / "passages").exists()  # nothing half-written


def test_no_name_of_a_file_or_sheet_and_no_note_of_the_manifest_carries_a_contact(places: dict[str, Path]) -> None:
    team, store = places["team"], ("--store", places["store"], "--confirm")
    common = ("--manifest", team / "manifeste.toml")
    number = NUMBERS["0611223344"]
    book = openpyxl.Workbook()
    book.active.append(["texte", "site", "date"])
    book.active.append(["bouquets", "S1", "hier"])
    book.create_sheet(number).append(["texte"])
    book.save(team / "f.xlsx")
    files = [csv_of(team / name, [ad(date="hier")]) for name in (f"releve {number}.csv", f"{MAIL}.csv", "a.0611223344")]
    said = "".join(run("import", file, *common, *store, code=3) for file in (*files, team / "f.xlsx"))
    for kept, note in (("un site demande une inscription", f"voir {MAIL}"), ('"aucun"', f'"{number}"')):
        (team / "manifeste.toml").write_text(MANIFEST.replace(kept, note), encoding="utf-8")
        said += run("import", csv_of(team / "g.csv", [ad()]), *common, *store, code=3)
    (team / "manifeste.toml").write_text(MANIFEST.replace('"S1"', '"0611223344"'), encoding="utf-8")
    said += run("import", csv_of(team / "g.csv", [ad(site="0611223344")]), *common, *store, code=3)
    assert_nothing_of_them(said + everything_under(places["store"]))


@pytest.mark.parametrize("step", ["cluster", "observe"])
def test_an_error_inside_the_door_leaves_without_a_word_of_the_texts(tmp_path: Path, step: str) -> None:
    arrivals, keys = received(tmp_path, hostile()), Keys()

    def failing_cluster(ads: Ads, *, key: Key) -> Clusters:
        raise ValueError(f"cannot read {ads.texts[0]!r}")

    def failing_observer(alive: Alive) -> None:
        raise ValueError(f"cannot read {alive.ads.texts[0]!r}")

    with pytest.raises(DoorFailed) as failure:
        if step == "cluster":
            cross(arrivals, keys, cluster=failing_cluster, observe=lambda alive: None)
        cross(arrivals, keys, cluster=each_alone, observe=failing_observer)
    assert failure.value.__context__ is None and failure.value.__cause__ is None
    assert_nothing_of_them("".join(traceback.format_exception(failure.value)) + repr(failure.value))
    assert len(arrivals) == 0
    with pytest.raises(KeyDestroyed):
        keys.phone.digest("phone", "x")


def test_nothing_that_holds_a_text_can_be_printed(tmp_path: Path) -> None:
    arrivals, keys = received(tmp_path, hostile()), Keys()
    shown: list[object] = [arrivals, arrivals.ads, keys, keys.phone, hashed(arrivals, keys)]
    crossing = cross(arrivals, keys, cluster=each_alone, observe=lambda alive: shown.append(repr(alive)))
    table = read_table(tmp_path / "annonces.csv")
    assert_nothing_of_them(repr([*shown, crossing, crossing.features, table, table.rows]) + str(shown))


def test_texts_are_dropped_and_keys_destroyed_when_the_door_closes(tmp_path: Path) -> None:
    arrivals, keys = received(tmp_path, hostile()), Keys()
    texts, numbers = arrivals.ads.texts, arrivals.phones
    crossing = cross(arrivals, keys, cluster=each_alone, observe=lambda alive: len(alive.digests.phone))
    assert crossing.observed > 8
    assert (len(texts), len(numbers), len(arrivals.names), len(arrivals.mails)) == (0, 0, 0, 0)
    for use in ("phone", "line", "mail", "name", "account", "text", "sketch", "order"):
        with pytest.raises(KeyDestroyed):
            getattr(keys, use).digest("any", "x")


def test_each_use_has_its_own_key_and_digests_have_128_bits(tmp_path: Path) -> None:
    arrivals, keys = received(tmp_path, hostile()), Keys()
    found = hashed(arrivals, keys)
    assert {len(one) for one in (*found.phone, *found.line, *found.mail)} == {16}
    assert keys.phone.digest("phone", "1") != keys.line.digest("phone", "1")
    assert len({getattr(keys, name).digest("one use", "1") for name in ("phone", "line", "mail", "name", "text")}) == 5
    assert len(set(found.phone)) == len(NUMBERS)  # however they were hidden


def test_the_same_identifier_has_one_digest_however_it_is_written(tmp_path: Path) -> None:
    rows = [ad(nom="Zoé ♥", telephone=NUMBERS["0611223344"]), ad(nom="ZOE", texte="tulipes 0611223399"), ad(nom="♥")]
    found = hashed(received(tmp_path, rows), Keys())
    assert found.names[0] == found.names[1] != b"" == found.names[2]
    assert found.phone[0] != found.phone[1]
    assert found.line[0] == found.line[1]  # the last two digits differ


def test_two_runs_of_the_same_files_cannot_be_joined(tmp_path: Path) -> None:
    digests, features = [], []
    for _ in range(2):
        arrivals, keys = received(tmp_path, hostile()), Keys()
        found = hashed(arrivals, keys)
        digests.append({*found.phone, *found.line, *found.mail, *found.names, *found.texts} - {b""})
        features.append(cross(arrivals, keys, cluster=each_alone, observe=lambda alive: None).features)
    assert not digests[0] & digests[1]
    one, other = features
    assert not np.array_equal(one.numbers["personne"], other.numbers["personne"])
    sizes = [sorted(np.unique(each.numbers["copie"], return_counts=True)[1]) for each in features]
    assert sizes[0] == sizes[1]  # what is counted is the same


def test_only_the_declared_columns_are_written(places: dict[str, Path]) -> None:
    file = csv_of(places["team"] / "annonces.csv", hostile())
    common = ("--manifest", places["team"] / "manifeste.toml")
    run("import", file, *common, "--store", places["store"], "--confirm")
    folder = places["store"] / "passages" / f"{TODAY}-1"
    assert sorted(path.name for path in folder.iterdir()) == [
        "effectifs.csv",
        "garde.json",
        "passage.json",
        "traits.csv",
    ]
    assert (folder / "traits.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(DECLARED)
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}  # the owner alone
    assert "Coquelicot" not in everything_under(places["store"])  # nor the team
    with pytest.raises(ValueError, match="no other"):
        Features(labels={"texte": ["a"]}, numbers={})


@pytest.mark.parametrize("column", ["photo", "url", "pseudo", "ethnie", "nationalite", "pratiques", "prix", "remarque"])
def test_a_column_that_may_not_be_read_stops_the_import(places: dict[str, Path], column: str) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad() | {column: "x"}])
    common = ("--manifest", places["team"] / "manifeste.toml", "--store", places["store"])
    run("import", file, *common, "--confirm", code=3)
    assert not (places["store"] / "passages").exists()


def test_nothing_is_read_without_a_manifest_of_the_right_purpose(places: dict[str, Path]) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad()])
    run("import", file, "--store", places["store"], "--confirm", code=2)  # click's own: an option is missing
    manifest = places["team"] / "manifeste.toml"
    manifest.write_text(MANIFEST.replace("connaissance d'un territoire", "transmission à la police"), encoding="utf-8")
    run("import", file, "--manifest", manifest, "--store", places["store"], "--confirm", code=3)
    assert not (places["store"] / "passages").exists()


def test_minors_leave_no_trace_and_the_duty_to_report_is_recalled(places: dict[str, Path]) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad(texte="cours pour élève mineure de quinze ans"), ad()])
    common = ("--manifest", places["team"] / "manifeste.toml")
    said = run("import", file, *common, "--store", places["store"], "--confirm")
    assert "434-3" in said and "119" in said and "Pharos" in said
    assert "mineur" not in everything_under(places["store"])
    assert not [name for name in DECLARED if "mineur" in name or "age" in name]


def test_a_late_purge_blocks_the_next_run(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad()])
    common = (file, "--manifest", places["team"] / "manifeste.toml", "--store", places["store"], "--confirm")
    run("import", *common)
    on("2026-05-02", monkeypatch)  # the thirtieth day
    run("import", *common)
    on("2026-05-03", monkeypatch)
    said = run("import", *common, code=4)
    assert f"{TODAY}-1 : attendu une purge au plus tard le 2026-05-02" in said
    run("purge", "--store", places["store"], "--confirm")
    run("import", *common)
    assert (places["store"] / "certificats" / f"{TODAY}-1.json").is_file()
    assert [one.made_on for one in runs.kept(places["store"])] == [date(2026, 5, 2), date(2026, 5, 3)]


def test_no_command_takes_the_day_from_its_user() -> None:
    taken = {(command.name, one.name) for command in commands(census) for one in command.params if one.type.name == DAY}
    assert taken == {("estimate", "report_on")}


def test_the_total_of_one_person_is_not_told(places: dict[str, Path]) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad(), ad()])
    run("import", file, "--manifest", places["team"] / "manifeste.toml", "--store", places["store"], "--confirm")
    said = run("counts", f"{TODAY}-1", "--store", places["store"])
    assert "nombre d’annonces non communicable" in said and "2\u00a0annonces" not in said


def test_a_log_that_was_cut_stops_the_next_command(places: dict[str, Path]) -> None:
    file = csv_of(places["team"] / "annonces.csv", [ad()])
    common = (file, "--manifest", places["team"] / "manifeste.toml", "--store", places["store"])
    run("import", *common, "--confirm")
    (places["store"] / "journal.jsonl").write_text("", encoding="utf-8")
    assert "Le journal a été coupé" in run("counts", f"{TODAY}-1", "--store", places["store"], code=4)
    assert "Le journal a été coupé" in run("import", *common, code=4)


# ---- the code itself ----

SOURCE = Path(egide.__file__).parent
NETWORK = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "selenium", "smtplib"}
NETWORK |= {"socket", "socketserver", "ssl", "telnetlib", "urllib", "urllib3", "webbrowser", "websockets", "xmlrpc"}
UNKEYED = {"binascii", "crypt", "hashlib", "hmac", "md5", "mmh3", "uuid", "xxhash", "zlib"}
# What may be searched for: no parameter of a command or of a function that answers with ads has one of these names.
SEARCHED = ("phone", "tel", "numero", "number", "mail", "courriel", "pseudo", "prenom", "texte", "phrase", "query")
SEARCHED += ("search", "recherche", "cluster_id", "person", "personne", "author", "auteur", "account", "compte", "url")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def file_of(module: str) -> Path | None:
    path = SOURCE.parent / Path(*module.split("."))
    found = [each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()]
    return found[0] if found else None


def test_nothing_that_the_diagnostic_imports_imports_a_network() -> None:
    waiting = [
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for path in (SOURCE / "diagnostic").rglob("*.py")
    ]
    seen: set[str] = set()
    wrong = []
    while waiting:
        module = waiting.pop()
        path = file_of(module.removesuffix(".__init__"))
        if module in seen or path is None:
            continue
        seen.add(module)
        for name in imports_of(path):
            if name.partition(".")[0] in NETWORK:
                wrong.append(f"{module} imports {name}")
            elif name.startswith("egide."):
                waiting.append(name)
    assert not wrong
    assert len(seen) > 60  # the graph was walked


@pytest.mark.parametrize("package", ["census", "duplicates", "clues"])
def test_nothing_is_hashed_without_a_key(package: str) -> None:
    wrong = []
    for path in (SOURCE / "diagnostic" / package).rglob("*.py"):
        wrong += [f"{path.name}: {name}" for name in imports_of(path) if name.partition(".")[0] in UNKEYED]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash":
                wrong.append(f"{path.name}: hash()")
    assert not wrong


def test_no_digest_is_cut() -> None:
    tree = ast.parse(inspect.getsource(door))
    cut = [node for node in ast.walk(tree) if isinstance(node, ast.Subscript) and "digest" in ast.unparse(node.value)]
    assert not cut


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from commands(found)


def test_no_command_takes_a_number_a_name_or_a_text() -> None:
    wrong = [
        f"{command.name} {parameter.name}"
        for command in commands(census)
        for parameter in command.params
        if any(word in str(parameter.name).split("_") for word in (*SEARCHED, "name", "text", "nom", "word"))
    ]
    assert not wrong
    assert len(list(commands(census))) == 6


def test_no_function_answers_a_number_a_name_or_a_text_with_ads() -> None:
    """A function may read one text given to it; what holds a corpus may not be asked for one."""
    wrong, seen = [], 0
    for info in pkgutil.iter_modules(egide.diagnostic.census.__path__):
        module = importlib.import_module(f"egide.diagnostic.census.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            seen += 1
            parameters = inspect.signature(function).parameters.values()
            corpus = [
                each
                for each in parameters
                if any(word in str(each.annotation) for word in ("Features", "Arrivals", "Run", "Ads", "Path"))
            ]
            searched = [each.name for each in parameters if each.name in (*SEARCHED, "name", "text", "nom")]
            if corpus and searched and str(inspect.signature(function).return_annotation) not in ("Run", "Entry"):
                wrong.append(f"{info.name}.{name}({', '.join(searched)})")
    assert not wrong
    assert seen > 30


def test_a_refusal_of_reading_is_no_chain_of_errors(tmp_path: Path) -> None:
    """An error of a decoder keeps the text it stumbled on: it must not travel inside ours."""
    (tmp_path / "a.jsonl").write_text(f'{{"texte": "{PHRASE}\n', encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(f"{PHRASE}é\n".encode() + b"\xe9\n")
    for name in ("a.jsonl", "b.csv"):
        with pytest.raises(DeliveryRefused) as refusal:
            read_table(tmp_path / name)
        chained = refusal.value.__context__
        while chained is not None:
            assert not isinstance(chained, ValueError), "the text of a decoder's error travels with ours"
            chained = chained.__context__
