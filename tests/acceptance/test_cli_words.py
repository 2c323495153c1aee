"""The first minutes with the command line: its help, its French, what it says of a wrong call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from gettext import gettext

import click
import pytest

from egide.cli import main
from support.editions import egide

VERBS = (
    "check",
    "record",
    "compute",
    "release",
    "letter",
    "diagnostic",
    "pseudonymise",
    "link",
    "estimate",
    "trace",
    "diff",
    "verify",
    "schema",
    "completion",
)


def test_without_a_verb_the_help_is_shown_and_the_call_is_wrong():
    run = egide()
    assert run.exit_code == 2
    assert run.stderr.startswith("Emploi\u00a0: ")


def test_the_help_lists_the_verbs_in_the_order_of_a_numbers_journey():
    lines = egide("--help").stdout.splitlines()
    listed = [line.split()[0] for line in lines[lines.index("Verbes:") + 1 :] if line.startswith("  ")]
    assert tuple(listed[: len(VERBS)]) == VERBS


def test_the_help_gives_every_exit_code_of_the_errors():
    shown = {int(line.split()[0]) for line in egide("--help").stdout.splitlines() if line.strip()[:1].isdigit()}
    assert shown == {*range(9), 130}


@pytest.mark.parametrize("verb", [*VERBS, ("letter", "build"), ("diagnostic", "build")], ids=str)
def test_each_verb_explains_itself_in_french(verb):
    words = verb if isinstance(verb, tuple) else (verb,)
    run = egide(*words, "--help")
    assert run.exit_code == 0
    assert run.stdout.startswith("Emploi\u00a0: ")
    assert "Afficher cette aide et quitter." in run.stdout
    assert [
        word for word in ("Usage", "Show this", "Commands", "default:", "DIRECTORY", "PATH") if word in run.stdout
    ] == []


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("letter", "diagnostic", "completion")])
def test_a_verb_that_states_results_can_state_them_for_a_script(verb):
    assert "--json" in egide(verb, "--help").stdout


WRONG_CALLS = {
    "an unknown verb": (["chek"], "Aucun verbe ne s’appelle 'chek'. Vouliez-vous dire"),
    "an unknown option": (["schema", "--jsn"], "Aucune option ne s’appelle '--jsn'. Vouliez-vous dire '--json'"),
    "nothing to check": (["check"], "Il manque l’argument 'SOURCE'."),
    "a source without its file": (["check", "sdfe"], "Il manque l’argument 'FICHIER'."),
    "a source nobody knows": (["check", "sdfx", "a.xlsx"], "Sources connues"),
    "a delivery without its day": (["record", "sdfe", "a.xlsx"], "Il manque l’option '--received'."),
    "a day in words": (["record", "sdfe", "a.xlsx", "--received", "hier"], "« hier » n’est pas un jour"),
    "an option without its value": (["record", "sdfe", "a.xlsx", "--received"], "demande une valeur"),
    "an edition that is not there": (["letter", "build", "nulle-part"], "'nulle-part' n’existe pas."),
    "one argument too many": (["schema", "sdfe", "ssmsi"], "Argument en trop\u00a0: ssmsi"),
    "nothing to compute": (["compute"], "Donnez au moins une expression, ou --list."),
    "a shell click does not know": (["completion", "tcsh"], "'tcsh' n’est pas l’un de ceux-ci"),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_a_wrong_call_is_explained_in_french_and_leaves_with_code_two(call):
    words, said = WRONG_CALLS[call]
    run = egide(*words)
    assert run.exit_code == 2
    assert said in run.stderr
    assert run.stdout == ""


def test_the_version_is_told():
    assert egide("--version").stdout.startswith("Égide 0.")


def test_what_click_says_is_french_only_while_a_command_runs(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    egide("--help")
    assert (gettext("Commands"), os.environ["LANGUAGE"]) == ("Commands", "en")
    monkeypatch.delenv("LANGUAGE")
    egide("--help")
    assert "LANGUAGE" not in os.environ


def test_the_help_and_the_light_verbs_wait_for_no_engine():
    """Completion runs the program at each press of a key."""
    heavy = "{'ibis', 'duckdb', 'pyarrow', 'vl_convert', 'typst'}"
    code = f"""
import sys
from click.testing import CliRunner
from egide.cli import main
for words in (["--help"], ["schema"], ["check", "sdfe", "absent.xlsx"], ["verify", "a", "b"]):
    CliRunner().invoke(main, words)
sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stderr == ""


def test_every_verb_that_is_announced_exists():
    context = click.Context(main, info_name="egide")
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    assert [name for name, command in found.items() if command is None] == []
    assert main.get_command(context, "verbs") is None  # a module of ours, not a verb


# ---------------------------------------------------------------- schema


def test_every_institution_is_listed_with_its_format():
    listed = {line.split()[0]: line.split()[1] for line in egide("schema").stdout.splitlines()}
    assert (listed["sdfe"], listed["acpe"], listed["dgesco"]) == ("xlsx", "csv", "ods")
    assert set(json.loads(egide("schema", "--json").stdout)) == set(listed)


def test_an_institution_reads_what_it_must_send():
    said = egide("schema", "acpe").stdout
    assert "CSV, encodage windows-1252, séparateur « ; »" in said
    assert "valeur" in said
    sheets = egide("schema", "sdfe").stdout
    assert "Feuille « Parcours »" in sheets


def test_a_schema_for_a_program_is_a_table_schema():
    schema = json.loads(egide("schema", "sdfe", "--json").stdout)
    assert schema["source"] == "sdfe"
    assert {field["name"] for field in schema["sheets"][0]["schema"]["fields"]} >= {"indicateur", "effectif"}


# ---------------------------------------------------------------- completion


def completed(*words: str) -> list[str]:
    """What bash would be offered for the last word."""
    environment = {"_EGIDE_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("egide", *words))}
    run = egide(env=environment | {"COMP_CWORD": str(len(words))}, prog_name="egide")
    return [line.partition(",")[2] for line in run.stdout.splitlines()]


def test_the_shell_completes_verbs_institutions_and_options():
    assert completed("c") == ["check", "compute", "completion"]
    assert completed("check", "ss") == ["sser_casier", "sser_cassiopee", "ssmsi"]
    assert completed("letter", "build", "--o") == ["--output"]
    assert "--help" in completed("--h")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell):
    assert f"_EGIDE_COMPLETE={shell}_complete" in egide("completion", shell).stdout
