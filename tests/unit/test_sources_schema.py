"""A schema file says everything it must, and nothing that no one reads."""

import pytest

from egide.errors import UnknownIdentifier
from egide.facts.model import Kind, Unit
from egide.reference.territories import is_territory
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.schema import FileFormat, Role, SchemaError, Term, parse_schema
from support.deliveries import mapping


def test_a_schema_is_read_with_its_measures_columns_and_totals():
    schema = parse_schema(mapping())
    sheet = schema.sheet("Parcours")
    assert schema.measures["psp_current"].unit is Unit.COUNT
    assert schema.measures["share_women"].kind is Kind.LEVEL
    assert schema.signed == {"growth"}
    assert sheet.of_role(Role.DIM)[0].codes == {"Femmes": "F", "Hommes": "M"}
    assert sheet.totals[0].parts[1] == Term(measure="psp_current", dims={"sex": "M"})


def test_a_csv_has_one_sheet_without_a_name_an_encoding_and_a_delimiter():
    schema = parse_schema(mapping("csv", encoding="windows-1252", delimiter=";"))
    assert (schema.format, schema.encoding, schema.delimiter) == (FileFormat.CSV, "windows-1252", ";")
    assert schema.sheet("") is schema.sheets[0]


def field(spoiled, place):
    return spoiled["sheets"][0]["schema"]["fields"][place]


SPOILINGS = {
    "no title": (lambda s: s.pop("title"), "the keys \\['title'\\]"),
    "an unknown key": (lambda s: s.update(titre="x"), "no key \\['titre'\\]"),
    "an unknown format": (lambda s: s.update(format="xls"), "format: expected one of"),
    "no sheet": (lambda s: s.update(sheets=[]), "at least one sheet"),
    "two sheets of one name": (lambda s: s["sheets"].append(s["sheets"][0]), "different names"),
    "a sheet without a name in a workbook": (lambda s: s["sheets"][0].update(name=""), "one sheet named"),
    "a csv without its encoding": (
        lambda s: s.update(format="csv", csv={"delimiter": ","}),
        "the keys \\['encoding'\\]",
    ),
    "a measure in no column": (
        lambda s: s["measures"].update(x={"label": "X", "unit": "percent", "kind": "level"}),
        "unused: \\['x'\\]",
    ),
    "a count of nothing": (lambda s: s["measures"]["psp_current"].pop("counts"), "what one unit is"),
    "an unknown unit": (lambda s: s["measures"]["psp_current"].update(unit="persons"), "unit: expected one of"),
    "a list for an object": (lambda s: s["measures"].update(psp_current=[]), "expected an object"),
    "a territory nobody knows": (
        lambda s: field(s, 2)["egide"]["codes"].update(Lyon="DEP-690"),
        "a known territory code",
    ),
    "a status nobody knows": (lambda s: field(s, 8)["egide"]["codes"].update(ferme="F"), "a known status code"),
    "a dimension code with a slash": (lambda s: field(s, 3)["egide"]["codes"].update(X="a/b"), "a known dim code"),
    "a measure code nobody declares": (lambda s: field(s, 0)["egide"]["codes"].update(X="x"), "a known measure code"),
    "a dimension without a name": (lambda s: field(s, 3)["egide"].pop("dim"), "`dim` for a dimension"),
    "codes on a note": (lambda s: field(s, 9)["egide"].update(codes={"a": "b"}), "`codes` for a measure"),
    "an enum that differs from the codes": (
        lambda s: field(s, 3).update(constraints={"enum": ["Femmes"]}),
        "`enum` to list the labels",
    ),
    "a secret of its own": (lambda s: field(s, 7)["constraints"].update(enum=["<10"]), 'enum to be \\["<5", "nc"\\]'),
    "a text for a value": (lambda s: field(s, 4).update(type="string"), "type: expected one of"),
    "a constraint nothing checks": (
        lambda s: field(s, 9).update(constraints={"pattern": "a"}),
        "no key \\['pattern'\\]",
    ),
    "a name with spaces": (lambda s: field(s, 9).update(name=" note"), "a name without spaces"),
    "a decimal mark of its own": (lambda s: field(s, 4).update(decimalChar="'"), "decimalChar: expected one of"),
    "no column of status": (lambda s: s["sheets"][0]["schema"]["fields"].pop(8), "a column for each of \\['status'\\]"),
    "two columns of notes": (
        lambda s: s["sheets"][0]["schema"]["fields"].append({**field(s, 9), "name": "autre"}),
        "one column only for \\['note'\\]",
    ),
    "two columns of one name": (lambda s: field(s, 9).update(name="secret"), "columns with different names"),
    "two columns of one dimension": (
        lambda s: s["sheets"][0]["schema"]["fields"].append({**field(s, 3), "name": "genre"}),
        "one column for each dimension",
    ),
    "a key that forgets a dimension": (lambda s: s["sheets"][0]["schema"]["primaryKey"].pop(), "primaryKey to be"),
    "another way to say nothing": (
        lambda s: s["sheets"][0]["schema"].update(missingValues=["", "NA"]),
        "an empty cell is the only way",
    ),
    "a total of one part": (lambda s: s["sheets"][0]["totals"][0]["parts"].pop(), "at least two parts"),
    "a total of an unknown measure": (
        lambda s: s["sheets"][0]["totals"][0]["total"].update(measure="x"),
        "a declared measure",
    ),
    "a total over an unknown code": (
        lambda s: s["sheets"][0]["totals"][0]["total"].update(dims={"sex": "X"}),
        "codes of this sheet",
    ),
    "a total in an unknown territory": (
        lambda s: s["sheets"][0]["totals"][0]["total"].update(territory="DEP-0"),
        "a known territory",
    ),
    "shares that add up": (
        lambda s: [term.update(measure="share_women") for term in s["sheets"][0]["totals"][0]["parts"]],
        "a level, it never adds up",
    ),
    "parts that overlap": (
        lambda s: s["measures"]["psp_current"].update(overlapping=["sex"]),
        "counts one person under several \\['sex'\\]",
    ),
    "a stock and a flow in one total": (
        lambda s: (
            s["measures"].update(x={"label": "X", "unit": "count", "kind": "flow", "counts": "personnes"}),
            field(s, 0)["egide"]["codes"].update(X="x"),
            s["sheets"][0]["totals"][0]["total"].update(measure="x"),
        ),
        "a stock and a flow are never added",
    ),
}


@pytest.mark.parametrize("spoiling", SPOILINGS)
def test_an_ill_formed_schema_is_refused_with_the_place_and_the_reason(spoiling):
    spoiled = mapping()
    spoil, message = SPOILINGS[spoiling]
    spoil(spoiled)
    with pytest.raises(SchemaError, match=message):
        parse_schema(spoiled)


# ---- the schemas that travel with the package ----


@pytest.mark.parametrize("source", known_sources())
def test_every_schema_of_the_package_is_sound_and_bears_the_name_of_its_file(source):
    schema = load_schema(source)
    assert schema.source == source
    codes = [code for sheet in schema.sheets for spec in sheet.of_role(Role.TERRITORY) for code in spec.codes.values()]
    assert codes and all(map(is_territory, codes))


def test_an_unknown_source_is_refused_with_the_nearest_names():
    with pytest.raises(UnknownIdentifier) as refusal:
        load_schema("sdef")
    assert (
        str(refusal.value)
        == "Aucune source «\u00a0sdef\u00a0». Sources connues\u00a0: «\u00a0sdfe\u00a0», «\u00a0dgef\u00a0»."
    )


def test_a_source_that_looks_like_nothing_known_is_refused_with_the_whole_list():
    with pytest.raises(UnknownIdentifier, match="«\u00a0ssmsi\u00a0»"):
        load_schema("../../etc/passwd")
