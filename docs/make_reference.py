"""Write the pages of docs/reference that follow from the code: `make docs`.

`pages()` gives each page's text by its name; tests/docs/test_reference.py fails when a page on disk says otherwise.
What authors and senders read is in French, like the program itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

import click
import django

from egide import errors
from egide.cli import main
from egide.cli.french import spoken_french
from egide.cli.schema import inclusion_text, ratio_text
from egide.document.typography import quantity, sentence
from egide.document.wording import condition
from egide.facts.model import Kind, Unit
from egide.indicators.catalogue import FORMULAS
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.schema import FieldSpec, Role, SheetSchema, SourceSchema, Term, Total
from egide_registry.psp.rules import forms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide_registry.settings.tests")  # models are read, no database is
FOLDER = Path(__file__).with_name("reference")
MADE = "<!-- Made by docs/make_reference.py: change the code, then run `make docs`. -->"
WIDTH = 100


def pages() -> Mapping[str, str]:
    """The text of each page by its file name."""
    made = {
        "commands.md": commands(),
        "deliveries.md": deliveries(),
        "exit-codes.md": exit_codes(),
        "formulas.md": formulas(),
        "psp-form.md": psp_form(),
        "registry-data.md": registry_data(),
        "wordings.md": wordings(),
    }
    return {name: f"{MADE}\n\n" + "\n".join(lines) + "\n" for name, lines in made.items()}


# ---------------------------------------------------------------- commands


def commands() -> list[str]:
    lines = ["# Commandes", "", "L’aide de chaque commande, telle que `--help` l’affiche."]
    with spoken_french():
        for name, text in _helps(main, None, "egide"):
            lines += ["", f"## {name}", "", "```text", text, "```"]
    return lines


def _helps(command: click.Command, parent: click.Context | None, name: str) -> Iterator[tuple[str, str]]:
    sizes = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    context = command.make_context(name, [], parent=parent, resilient_parsing=True, **sizes)
    yield context.command_path, "\n".join(line.rstrip() for line in context.get_help().splitlines())
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            found = command.get_command(context, verb)
            assert found is not None
            yield from _helps(found, context, verb)


# ---------------------------------------------------------------- deliveries

_UNITS = {
    Unit.COUNT: "nombre",
    Unit.PERCENT: "%, sur 100",
    Unit.POINTS: "points de %",
    Unit.RATIO: "rapport",
    Unit.YEARS: "années",
    Unit.MONTHS: "mois",
    Unit.DAYS: "jours",
    Unit.EUR: "euros",
    Unit.MILLION_EUR: "millions d’euros",
}
_KINDS = {Kind.FLOW: "sur une période", Kind.STOCK: "un jour donné", Kind.LEVEL: "ne s’additionne pas"}
_ROLES = {
    Role.MEASURE: "indicateur",
    Role.PERIOD: "période",
    Role.TERRITORY: "territoire",
    Role.DIM: "précision",
    Role.VALUE: "valeur",
    Role.LOW: "borne basse",
    Role.HIGH: "borne haute",
    Role.SECRET: "secret",
    Role.STATUS: "statut",
    Role.NOTE: "note",
}


def deliveries() -> list[str]:
    schemas = [load_schema(source) for source in known_sources()]
    lines = [
        "# Ce que chaque institution envoie",
        "",
        "D’après les schémas de `src/egide/sources/schemas/`. Tous les libellés : `egide schema SOURCE --json`.",
        "Comment remplir, vérifier et envoyer : [envoyer une livraison](../how-to/envoyer-une-livraison.md).",
        "",
        *_table(
            ("source", "institution", "fichier", "indicateurs"),
            ((f"[`{one.source}`](#{one.source})", one.title, _format(one), len(one.measures)) for one in schemas),
        ),
    ]
    for schema in schemas:
        lines += _delivery(schema)
    return lines


def _format(schema: SourceSchema) -> str:
    if schema.encoding:
        return f"CSV, {schema.encoding}, séparateur `{schema.delimiter}`"
    return schema.format.value.upper()


def _delivery(schema: SourceSchema) -> list[str]:
    measures = (
        (f"`{one.code}`", one.label, _UNITS[one.unit], one.counts, _KINDS[one.kind]) for one in schema.measures.values()
    )
    lines = ["", f"## {schema.source}", "", f"**{schema.title}.** {schema.description}", ""]
    lines += _table(("code", "indicateur", "unité", "ce qui est compté", "portée"), measures)
    for sheet in schema.sheets:
        lines += ["", f"### {sheet.title}" + (f" (feuille « {sheet.name} »)" if sheet.name else ""), ""]
        lines += _table(("colonne", "rôle", "obligatoire", "contenu"), (_column(spec) for spec in sheet.fields))
        lines += _totals(schema, sheet)
    checked = [f"* {ratio_text(one, schema)}" for one in schema.ratios]
    checked += [f"* {inclusion_text(one, schema)}" for one in schema.inclusions]
    return [*lines, *(["", "Rapports et champs vérifiés de même :", "", *checked] if checked else [])]


def _column(spec: FieldSpec) -> tuple[str, str, str, str]:
    role = _ROLES[spec.role] + (f" `{spec.dim}`" if spec.dim else "")
    said = ", ".join(f"« {label} »" for label in spec.labels[:3])
    more = f" ; {len(spec.labels)} libellés en tout" if len(spec.labels) > 3 else ""
    number = "nombre entier" if spec.whole else "nombre"
    if spec.decimal_mark == "," and not spec.whole:
        number += ", virgule décimale"
    is_number = spec.role in (Role.VALUE, Role.LOW, Role.HIGH)
    return f"`{spec.name}`", role, "oui" if spec.required else "", (number if is_number else said) + more


def _totals(schema: SourceSchema, sheet: SheetSchema) -> list[str]:
    if not sheet.totals:
        return []
    said = (f"* {_sum(schema, sheet, total)}" for total in sheet.totals)
    return ["", "Sommes vérifiées, pour chaque période, chaque territoire et chaque autre précision :", "", *said]


def _sum(schema: SourceSchema, sheet: SheetSchema, total: Total) -> str:
    return f"{_term(schema, sheet, total.total)} = " + " + ".join(_term(schema, sheet, part) for part in total.parts)


def _term(schema: SourceSchema, sheet: SheetSchema, term: Term) -> str:
    """« Indicateur (précision, précision) », in the words that the institution writes."""
    labels = {(spec.dim, code): label for spec in sheet.of_role(Role.DIM) for label, code in spec.codes.items()}
    places = {code: label for spec in sheet.of_role(Role.TERRITORY) for label, code in spec.codes.items()}
    said = [labels.get(pair, pair[1]) for pair in term.dims]
    said += [places.get(term.territory, term.territory)] if term.territory else []
    return schema.measures[term.measure].label + (f" ({', '.join(said)})" if said else "")


# ---------------------------------------------------------------- exit codes


def exit_codes() -> list[str]:
    """The table at the head of egide.errors, with the names of the errors."""
    names = {error.exit_code: error.__name__ for error in vars(errors).values() if _is_refusal(error)}
    rows = re.findall(r"^\| (\d+) +\| (.+?) +\|$", errors.__doc__ or "", re.M)
    return [
        "# Exit codes",
        "",
        "Every command ends with one of these, and a script may rely on it. Refusals go to standard error, in French.",
        "",
        *_table(
            ("code", "meaning", "error"),
            ((code, said, f"`{names[int(code)]}`" if int(code) in names else "") for code, said in rows),
        ),
        _row((130, "stopped by Ctrl-C; what was published is still there", "")),
    ]


def _is_refusal(error: object) -> TypeGuard[type[errors.EgideError]]:
    return isinstance(error, type) and issubclass(error, errors.EgideError) and error is not errors.Refused


# ---------------------------------------------------------------- formulas

_ON_A_SERIES = {
    "growth": "serie.growth(2021, 2025)",
    "difference": "serie.difference(2024, 2025)",
    "points": "serie.points(2017, 2024)",
    "cagr": "serie.cagr(2017, 2024)",
    "multiple": "serie.multiple(2017, 2024)",
    "index": "serie.index(2025, 2017)",
    "mean": "serie.mean(2019, 2025)",
}


def formulas() -> list[str]:
    rows = ((f"`{one.signature}`", one.title, _on_a_series(one.name), _link(one.method)) for one in FORMULAS.values())
    return [
        "# Formules",
        "",
        "Dans la prose, les figures et `egide compute`. Un argument est un nombre (`serie[2025]`) ou une formule.",
        "La page de méthode dit la règle, ce qui est refusé et un exemple ([toutes](../methods/README.md)).",
        "",
        *_table(("formule", "", "sur une série", "méthode"), rows),
    ]


def _on_a_series(name: str) -> str:
    return f"`{_ON_A_SERIES[name]}`" if name in _ON_A_SERIES else ""


def _link(method: str) -> str:
    return f"[{Path(method).stem}](../{method.removeprefix('docs/')})"


# ---------------------------------------------------------------- forms of the exit path

_FORMS = ("first", "renewal")
_ANSWERS = {
    forms.Kind.TEXT: "texte",
    forms.Kind.LONG_TEXT: "texte long",
    forms.Kind.DATE: "date",
    forms.Kind.CHOICE: "un choix",
    forms.Kind.CHOICES: "plusieurs choix",
    forms.Kind.YES_NO_UNKNOWN: "oui, non, ne sait pas",
    forms.Kind.NUMBER: "nombre entier",
    forms.Kind.COUNTRY: "pays",
}
_CLASSES = {
    forms.Sensitivity.IDENTITY: "identité",
    forms.Sensitivity.CONTACT: "contact",
    forms.Sensitivity.HEALTH: "santé",
    forms.Sensitivity.SITUATION: "situation",
    forms.Sensitivity.ADMINISTRATIVE: "administratif",
}
_COUNTED = {forms.Statistics.NEVER: "", forms.Statistics.DUTY: "toujours", forms.Statistics.CONSENT: "avec accord"}


def psp_form() -> list[str]:
    lines = [
        "# Formulaires du parcours de sortie",
        "",
        "D’après `src/egide_registry/psp/schemas/`. Une version qui a servi n’est plus modifiée : un changement est un",
        "nouveau fichier, et chaque demande garde la version sous laquelle elle a été remplie. « Comptée » dit si la",
        "réponse sert à la statistique : jamais, toujours (ce que la demande attend de l’État) ou seulement avec",
        "l’accord de la personne. « Reprise » : proposée de nouveau au renouvellement.",
    ]
    for kind in _FORMS:
        for version in forms.versions(kind):
            lines += _form(forms.load(kind, version))
    return lines


def _form(schema: forms.Schema) -> list[str]:
    lines = ["", f"## {schema.title} (`{schema.kind}-{schema.version}`)"]
    for section in schema.sections:
        rows = [_question(row) for row in forms.describe(schema) if row.section == section.title]
        heading = ("question", "à quoi elle sert", "réponse", "classe", "comptée", "reprise", "texte")
        lines += ["", f"### {section.title}", "", *_table(heading, rows)]
    rows = [(one.purpose, one.recipient, one.withdrawal, f"`{one.text_version}`") for one in schema.consents]
    return [*lines, "", "### Accords", "", *_table(("pour quoi", "qui reçoit", "comment le retirer", "texte"), rows)]


def _question(row: forms.Row) -> tuple[object, ...]:
    asked = row.question
    label = f"**{asked.label}** `{asked.id}`" + (f" {row.condition}" if row.condition else "")
    answer = _ANSWERS[asked.kind] + (", obligatoire" if asked.required else "")
    carried = "oui" if asked.carried else ""
    return label, asked.use, answer, _CLASSES[asked.sensitivity], _COUNTED[asked.statistics], carried, asked.source


# ---------------------------------------------------------------- what the registry's database shows

_MEANT = {
    "scellée": "AES-256-GCM sous la clé du dossier, de la séance ou du compte ; la longueur est arrondie",
    "index aveugle": "empreinte à clé, hors de la base ; deux valeurs égales se voient égales dans un département",
    "clé enveloppée": "inutilisable sans le service de clés",
    "empreinte": "ne rend pas ce qu’elle résume",
    "identifiant": "tiré au hasard, ou code public d’un département",
    "code": "choisi dans une liste",
    "jour": "une date",
    "instant": "une date et une heure",
    "nombre, oui ou non": "compte, rang, réglage",
    "en clair": "un texte ; la raison est dite",
}


def registry_data() -> list[str]:
    """Each column of the registry, as a stolen copy of the database would show it."""
    django.setup()
    from egide_registry.security.columns import Class, columns

    found = columns()
    every = [one for several in found.values() for one in several]
    counts = ((kind, sum(one.kind is kind for one in every), _MEANT[kind]) for kind in Class)
    lines = [
        "# Ce que montre une copie de la base",
        "",
        "Chaque colonne du registre, telle que la voit qui tient une copie de la base et aucune clé. Un nom, une",
        "adresse, une date de naissance, un motif, un document n’y sont que scellés. Pourquoi le reste est en clair :",
        "[security](../security.md#what-a-stolen-database-shows).",
        "",
        *_table(("classe", "colonnes", "ce que c’est"), counts),
    ]
    for table, several in found.items():
        rows = ((f"`{one.name}`", one.kind, one.why) for one in several)
        lines += ["", f"## {table}", "", *_table(("colonne", "classe", ""), rows)]
    return lines


# ---------------------------------------------------------------- wordings

# At least one of each pattern of egide.document.wording: the test looks.
EXAMPLES = {
    Unit.COUNT: (
        *("plus de 130", "moins de 1 000", "au moins 200", "au plus 10", "près de 900", "presque 900"),
        *(
            "environ 950",
            "autour de 950",
            "une quinzaine",
            "plus d’une centaine",
            "six",
            "soixante-neuf",
            "aucune",
            "la première",
        ),
    ),
    Unit.PERCENT: (
        *("neuf sur dix", "près de 7 sur 10", "plus de neuf sur dix", "moins d’un tiers", "un quart", "la moitié"),
        *("près des trois quarts", "plus de deux tiers", "environ 95 %", "la majorité", "la grande majorité"),
        *("la quasi-totalité", "la totalité", "aucun", "en hausse", "diminué", "stable"),
    ),
    Unit.RATIO: (
        *("doublé", "plus que doublé", "presque triplé", "multiplié par huit", "multiplié par près de sept"),
        *("trois fois plus", "plus de deux fois plus"),
    ),
    Unit.POINTS: ("progressé", "en recul"),
}
_OF = {
    Unit.COUNT: "D’un nombre ou d’un rang",
    Unit.PERCENT: "D’une part ou d’une évolution, en %",
    Unit.RATIO: "D’une multiplication",
    Unit.POINTS: "D’une évolution en points",
}


def wordings() -> list[str]:
    lines = [
        "# Tournures vérifiables",
        "",
        'Des mots qui tiennent lieu de nombre : `{{ expression : "mots" }}`. La construction ne passe que si',
        "**toutes** les valeurs possibles du nombre remplissent la condition. Une tournure absente de cette page",
        "est refusée. Les marges, et leur raison :",
        "[worded-claims](../methods/worded-claims.md). Les conditions ci-dessous sont celles du programme.",
    ]
    for unit, examples in EXAMPLES.items():
        rows = ((sentence(said), _condition(said, unit)) for said in examples)
        lines += ["", f"## {_OF[unit]}", "", *_table(("mots", "vrai pour"), rows)]
    return lines


def _condition(said: str, unit: Unit) -> str:
    wanted = condition(said, unit)
    if wanted.low is not None and wanted.low == wanted.high:
        return f"{quantity(wanted.low, unit)} exactement"
    return wanted.text(unit)


# ---------------------------------------------------------------- tables


def _table(heading: Iterable[object], rows: Iterable[Iterable[object]]) -> list[str]:
    names = [str(name) for name in heading]
    return [_row(names), "|" + "---|" * len(names), *(_row(row) for row in rows)]


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"


if __name__ == "__main__":
    for page, text in pages().items():
        (FOLDER / page).write_text(text, encoding="utf-8")
