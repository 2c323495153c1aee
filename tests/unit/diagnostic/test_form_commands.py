"""`egide diagnostic form`: keys, sealed answers opened, exports read; refusals that write nothing."""

import json
import os
import stat

import pytest
from click.testing import CliRunner

from egide.cli.diagnostic_form import PASSPHRASE, form
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.counting.intake import situations
from egide.diagnostic.counting.situations import AGES, FORMS, GROUPS, SEXES
from egide.diagnostic.questionnaire.coding import CODING_FILE
from egide.diagnostic.questionnaire.keys import new_key, read_public
from egide.diagnostic.questionnaire.load import load
from egide.diagnostic.questionnaire.records import ANSWERS_FILE, TEXTS_FILE, answers_from, texts_from
from egide.diagnostic.questionnaire.sealing import Content, Unsealable, _content, seal
from support.questionnaire import CANARY

SECRET = "cinq mots tirés au sort"
PAIRS = (
    ("Q0.8", "3"),
    ("Q0.7", "collectif"),
    ("Q1.1", "temoin"),
    ("S.A1@1", "3 ou 4"),
    ("S.A3@1", "18_25"),
    ("S.A3@1", "26_35"),
    ("S.B2@1", CANARY),
    ("S.B7@1", "non"),
)


def run(*arguments, secret=SECRET):
    return CliRunner().invoke(form, list(map(str, arguments)), env={PASSPHRASE: secret})


@pytest.fixture
def keys(tmp_path):
    assert run("key", "--output", tmp_path / "cles").exit_code == 0
    return tmp_path / "cles"


@pytest.fixture
def inbox(tmp_path, keys):
    public = read_public((keys / "cle-publique.pem").read_bytes())
    folder = tmp_path / "recues"
    folder.mkdir()
    for rank in (1, 2):
        sealed = seal(Content(version="1", number=f"{rank:032x}", pairs=PAIRS), public)
        (folder / f"reponse-{rank}.egide").write_bytes(sealed)
    return folder


def opened(inbox, keys, output, **options):
    return run("open", inbox, "--key", keys / "cle-privee.pem", "--output", output, **options)


def test_answers_are_opened_into_codes_texts_apart_and_a_table_that_counting_reads(inbox, keys, tmp_path):
    done = opened(inbox, keys, tmp_path / "reponses")
    assert done.exit_code == 0, done.output
    assert "2 réponses, 2 situations, 2 textes libres à relire" in done.output.replace("\u00a0", " ")
    first, second = answers_from((tmp_path / "reponses" / ANSWERS_FILE).read_bytes())
    assert (first.number, second.codes["Q1.1"]) == (f"{1:032x}", ("temoin",))
    assert CANARY not in (tmp_path / "reponses" / ANSWERS_FILE).read_text(encoding="utf-8")
    texts = texts_from((tmp_path / "reponses" / TEXTS_FILE).read_bytes())
    assert [(text.place.name, text.text, text.reread) for text in texts] == [("S.B2@1", CANARY, False)] * 2
    table = read_table(tmp_path / "reponses" / CODING_FILE)
    counted = situations(table, new_id=lambda: "x")
    assert [(one.respondents, one.ages) for one in counted] == [(3, {"18_25", "26_35"})] * 2


def test_every_option_of_a_coded_question_is_a_code_that_counting_reads():
    for question, known in (("S.A3", AGES), ("S.A2", SEXES), ("S.B1", FORMS), ("S.A4", GROUPS)):
        assert load().by_id[question].codes == set(known)


def test_what_was_opened_and_the_private_key_are_for_their_owner_only(inbox, keys, tmp_path):
    opened(inbox, keys, tmp_path / "reponses")
    files = [*(tmp_path / "reponses").iterdir(), keys / "cle-privee.pem"]
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(os.stat(tmp_path / "reponses").st_mode) == 0o700


def test_an_answer_sent_twice_counts_once(inbox, keys, tmp_path):
    (inbox / "copie.egide").write_bytes((inbox / "reponse-1.egide").read_bytes())
    done = opened(inbox, keys, tmp_path / "reponses")
    assert "comptées une" in done.output
    assert len(answers_from((tmp_path / "reponses" / ANSWERS_FILE).read_bytes())) == 2


def test_files_that_do_not_open_are_all_named_and_nothing_is_written(inbox, keys, tmp_path):
    public = read_public((keys / "cle-publique.pem").read_bytes())
    (inbox / "a-abime.egide").write_bytes((inbox / "reponse-1.egide").read_bytes()[:-1])
    (inbox / "b-autre-cle.egide").write_bytes(
        seal(Content(version="1", number="0" * 32, pairs=PAIRS), new_key().public_key())
    )
    forged = (("Q4.1", CANARY), ("Q0.4", CANARY), ("Q4.5", "x" * 4001))
    (inbox / "c-faux.egide").write_bytes(seal(Content(version="1", number="3" * 32, pairs=forged), public))
    (inbox / "d-version.egide").write_bytes(seal(Content(version="9", number="4" * 32, pairs=PAIRS), public))
    (inbox / "e-meme-numero.egide").write_bytes(seal(Content(version="1", number=f"{1:032x}", pairs=PAIRS[:3]), public))
    done = opened(inbox, keys, tmp_path / "reponses")
    assert done.exit_code == 3
    for name in ("a-abime", "b-autre-cle", "c-faux", "d-version", "reponse-1"):
        assert name in done.output
    assert done.output.count("c-faux") == 3
    assert CANARY not in done.output
    assert not (tmp_path / "reponses").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_half_a_character_in_a_forged_answer_is_no_sealed_answer():
    """JSON can say what no file can hold: one such answer must not stop the writing of the others with a traceback."""
    body = {"questionnaire": "1", "number": "0" * 32, "fields": [["S.A1@1", "3 \ud83d"]]}
    with pytest.raises(Unsealable):
        _content(json.dumps(body).encode())
    body["fields"] = [["S.A1@1", "3 \U0001f490"]]
    assert _content(json.dumps(body).encode()).pairs == (("S.A1@1", "3 \U0001f490"),)


def test_a_wrong_passphrase_opens_nothing_and_says_no_more(inbox, keys, tmp_path):
    done = opened(inbox, keys, tmp_path / "reponses", secret="une autre phrase secrète")
    assert done.exit_code == 4
    assert "Clé privée" in done.output
    assert not (tmp_path / "reponses").exists()


def test_a_short_passphrase_makes_no_key(tmp_path):
    assert run("key", "--output", tmp_path / "cles", secret="court").exit_code == 4
    assert not (tmp_path / "cles").exists()


def test_keys_and_reread_texts_are_never_replaced(inbox, keys, tmp_path):
    before = (keys / "cle-privee.pem").read_bytes()
    assert run("key", "--output", keys).exit_code == 4
    assert (keys / "cle-privee.pem").read_bytes() == before
    (tmp_path / "reponses").mkdir()
    assert opened(inbox, keys, tmp_path / "reponses").exit_code == 4
    assert list((tmp_path / "reponses").iterdir()) == []


def test_the_private_key_cannot_be_put_in_a_page(keys, tmp_path):
    done = run("page", "--team", "X", "--key", keys / "cle-privee.pem", "--output", tmp_path / "p.html")
    assert done.exit_code == 4
    assert not (tmp_path / "p.html").exists()


def test_the_page_and_the_paper_are_written(keys, tmp_path):
    page = run("page", "--team", "X", "--key", keys / "cle-publique.pem", "--output", tmp_path / "p.html")
    sheet = run("paper", "--team", "X", "--situations", 1, "--on", "2026-04-02", "--output", tmp_path / "p.pdf")
    assert (page.exit_code, sheet.exit_code) == (0, 0)
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_an_export_is_imported_and_what_stayed_at_the_door_is_counted(tmp_path):
    path = tmp_path / "export.csv"
    lines = ("id;submitdate;ipaddr;Courriel;Service;Note;Q1_2", f"1;2026;192.0.2.1;{CANARY};CCAS;z;4", "2;;;;;;")
    path.write_text("\n".join(lines), encoding="utf-8")
    output = tmp_path / "reponses"
    done = run("import", path, "--output", output, "--column", "Service=Q0.1", "--ignore", "Note")
    assert done.exit_code == 0, done.output
    said = done.output.replace("\u00a0", " ")
    assert "coordonnées : 1." in said and "adresse IP…) : 1." in said and "non reprises : n° 3." in said
    assert CANARY not in "".join(file.read_text(encoding="utf-8") for file in output.iterdir())
    (answer,) = json.loads((output / ANSWERS_FILE).read_text(encoding="utf-8"))["answers"]
    assert len(answer["number"]) == 32


def test_a_refused_export_writes_nothing(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(f"Q4_1;Q4_2\n{CANARY};{CANARY}\n", encoding="utf-8")
    done = run("import", path, "--output", tmp_path / "reponses")
    assert done.exit_code == 3
    assert done.output.count("ligne 2") == 2 and CANARY not in done.output
    assert not (tmp_path / "reponses").exists()


def test_every_verb_says_how_to_use_it_with_an_example():
    for name in form.commands:
        said = CliRunner().invoke(form, [name, "--help"]).output
        assert "Exemple" in said and f"egide diagnostic form {name}" in said
