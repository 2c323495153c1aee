"""`egide schema`: what an institution is asked to send. [I/O]"""

from __future__ import annotations

import click

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.cli.parameters import SourceName
from egide.facts.ratios import RatioKind
from egide.indicators.words import quoted
from egide.reference.territories import territory_name
from egide.sources.catalogue import known_sources, load_schema, schema_document
from egide.sources.schema import FieldSpec, Inclusion, Ratio, SourceSchema, Term, Total


@click.command()
@click.argument("source", type=SourceName(), required=False)
@JSON_OPTION
@refusals_end_the_command
def schema(source: SourceSchema | None, as_json: bool) -> None:
    """Montrer ce que SOURCE doit envoyer : feuilles, colonnes, codes, totaux. Sans SOURCE, la liste.

    Avec --json, le schéma lui-même (Table Schema), utilisable par d’autres outils.
    """
    if source is None:
        known = [load_schema(name) for name in known_sources()]
        if as_json:
            print_json({one.source: one.title for one in known})
        for one in () if as_json else known:
            click.echo(f"{one.source:22} {one.format.value:5} {one.title}")
    elif as_json:
        print_json(schema_document(source.source))
    else:
        click.echo(_described(source))


def _described(source: SourceSchema) -> str:
    lines = [f"{source.title} ({source.source})", source.description]
    container = f"CSV, encodage {source.encoding}, séparateur « {source.delimiter} »" if source.encoding else ""
    lines.append(f"Format : {container or source.format.value.upper()}")
    for sheet in source.sheets:
        lines += ["", f"Feuille « {sheet.name} » — {sheet.title}" if sheet.name else sheet.title]
        lines += [_column(spec) for spec in sheet.fields]
        lines += [f"  total vérifié : {_total(total, source)}" for total in sheet.totals]
    checked = [*(f"rapport vérifié : {ratio_text(one, source)}" for one in source.ratios)]
    checked += [f"champ vérifié : {inclusion_text(one, source)}" for one in source.inclusions]
    return "\n".join([*lines, *([""] if checked else []), *checked])


def ratio_text(ratio: Ratio, source: SourceSchema) -> str:
    """`« Part acceptée » = part de « a » dans « b », arrondi à l’unité`: what a delivered ratio is."""
    part, whole = (" + ".join(quoted(_said(term, source)) for term in terms) for terms in (ratio.part, ratio.whole))
    meaning = {
        RatioKind.SHARE: f"part de {part} dans {whole}",
        RatioKind.MEAN: f"{part}, rapporté à {whole}",
        RatioKind.GROWTH: f"évolution en % de {part}",
        RatioKind.MULTIPLE: f"multiplication de {part}",
        RatioKind.INDEX: f"indice, base 100, de {part}",
    }[ratio.kind]
    places = f"{ratio.places} décimale{'s' if ratio.places > 1 else ''}" if ratio.places else "l’unité"
    return f"{quoted(_said(ratio.printed, source))} = {meaning}, arrondi à {places}"


def inclusion_text(inclusion: Inclusion, source: SourceSchema) -> str:
    return f"{quoted(_said(inclusion.part, source))} ≤ {quoted(_said(inclusion.whole, source))}"


def _said(term: Term, source: SourceSchema) -> str:
    fields = [spec for sheet in source.sheets for spec in sheet.fields]
    labels = {(spec.dim, code): label for spec in fields for label, code in spec.codes.items() if spec.dim}
    said = [labels.get(pair, pair[1]) for pair in term.dims]
    said += [territory_name(term.territory)] if term.territory else []
    return source.measures[term.measure].label + (f" ({', '.join(said)})" if said else "")


def _total(total: Total, source: SourceSchema) -> str:
    return f"{_said(total.total, source)} = {' + '.join(_said(part, source) for part in total.parts)}"


def _column(spec: FieldSpec) -> str:
    needed = "obligatoire" if spec.required else "facultative"
    labels = ", ".join(spec.labels[:8]) + (", …" if len(spec.labels) > 8 else "")
    return f"  {spec.name:16} {needed:12} {spec.title}" + (f" : {labels}" if labels else "")
