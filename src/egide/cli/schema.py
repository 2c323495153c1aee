"""`egide schema`: what an institution is asked to send. [I/O]"""

from __future__ import annotations

import click

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.cli.parameters import SourceName
from egide.sources.catalogue import known_sources, load_schema, schema_document
from egide.sources.schema import FieldSpec, SheetSchema, SourceSchema, Term, Total


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
        lines += [f"  total vérifié : {_total(total, source, sheet)}" for total in sheet.totals]
    return "\n".join(lines)


def _total(total: Total, source: SourceSchema, sheet: SheetSchema) -> str:
    labels = {(spec.dim, code): label for spec in sheet.fields for label, code in spec.codes.items()}

    def said(term: Term) -> str:
        dims = ", ".join(labels.get(pair, pair[1]) for pair in term.dims)
        return source.measures[term.measure].label + (f" ({dims})" if dims else "")

    return f"{said(total.total)} = {' + '.join(said(part) for part in total.parts)}"


def _column(spec: FieldSpec) -> str:
    needed = "obligatoire" if spec.required else "facultative"
    labels = ", ".join(spec.labels[:8]) + (", …" if len(spec.labels) > 8 else "")
    return f"  {spec.name:16} {needed:12} {spec.title}" + (f" : {labels}" if labels else "")
