"""The record that a data portal harvests: DCAT-AP 3, as Turtle and as JSON-LD.

Addresses are relative to the record's own unless `address` gives the folder where the files are served: the same
record is right wherever it is put. Every node has an address, so the same data give the same text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from egide.document.dataset import Dataset

if TYPE_CHECKING:
    from rdflib import Graph

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_THEMES = ("SOCI", "JUST")  # population and society; justice and public safety
_KEYWORDS = (
    "prostitution",
    "proxénétisme",
    "exploitation sexuelle",
    "violences faites aux femmes",
    "protection de l’enfance",
)
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@frozen(kw_only=True)
class Offer:
    """One way to get the data: a file, what it is called and how it is coded."""

    path: str
    title: str
    format: str  # code of the European list of file types
    media: str


def turtle(dataset: Dataset, offers: Mapping[Offer, bytes], *, address: str = "") -> bytes:
    return _graph(dataset, offers, address).serialize(format="turtle", encoding="utf-8")


def json_ld(dataset: Dataset, offers: Mapping[Offer, bytes], *, address: str = "") -> bytes:
    written = _graph(dataset, offers, address).serialize(format="json-ld", context=CONTEXT)
    return (json.dumps(_ordered(json.loads(written)), ensure_ascii=False, indent=2) + "\n").encode()


def _ordered(node: Any) -> Any:
    """Lists of RDF have no order: give them one."""
    if isinstance(node, list):
        return sorted(map(_ordered, node), key=lambda one: json.dumps(one, sort_keys=True))
    if isinstance(node, dict):
        return {key: _ordered(node[key]) for key in sorted(node)}
    return node


def _graph(dataset: Dataset, offers: Mapping[Offer, bytes], address: str) -> Graph:
    from rdflib import Graph, URIRef

    graph = Graph()
    for prefix, namespace in CONTEXT.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    _Record(graph, dataset, lambda path: URIRef(f"{address}{path}")).write(offers)
    return graph


class _Record:
    """Writes the graph. `at` turns a path of the publication into an address."""

    def __init__(self, graph: Graph, dataset: Dataset, at: Any) -> None:
        self._graph = graph
        self._dataset = dataset
        self._at = at

    def write(self, offers: Mapping[Offer, bytes]) -> None:
        from rdflib import DCAT, DCTERMS, FOAF, RDF

        catalogue, data, publisher = self._at("#catalogue"), self._at("#donnees"), self._at("#editeur")
        self._add(publisher, RDF.type, FOAF.Agent)
        self._words(publisher, FOAF.name, self._dataset.publisher)
        self._add(catalogue, RDF.type, DCAT.Catalog)
        self._words(catalogue, DCTERMS.title, f"Catalogue : {self._dataset.title}")
        self._words(catalogue, DCTERMS.description, self._dataset.description)
        self._add(catalogue, DCTERMS.publisher, publisher)
        self._add(catalogue, DCAT.dataset, data)
        self._describe(data, publisher)
        for offer in sorted(offers, key=lambda one: one.path):
            self._distribution(data, offer, offers[offer])

    def _describe(self, data: Any, publisher: Any) -> None:
        from rdflib import DCAT, DCTERMS, RDF, XSD, Literal, URIRef

        dataset = self._dataset
        self._add(data, RDF.type, DCAT.Dataset)
        self._words(data, DCTERMS.title, dataset.title)
        self._words(data, DCTERMS.description, dataset.description)
        self._add(data, DCTERMS.identifier, Literal(f"{dataset.name}-{dataset.published_on.isoformat()}"))
        self._add(data, DCTERMS.publisher, publisher)
        for property_, day in ((DCTERMS.issued, dataset.published_on), (DCTERMS.modified, dataset.published_on)):
            self._add(data, property_, Literal(day.isoformat(), datatype=XSD.date))
        # rdflib 7.6 does not know this term of DCAT 3.
        self._add(data, URIRef(CONTEXT["dcat"] + "version"), Literal(dataset.published_on.isoformat()))
        for word in _KEYWORDS:
            self._words(data, DCAT.keyword, word)
        self._term(data, DCTERMS.language, "language/FRA", DCTERMS.LinguisticSystem)
        self._term(data, DCTERMS.accrualPeriodicity, "frequency/ANNUAL", DCTERMS.Frequency)
        self._term(data, DCTERMS.spatial, "country/FRA", DCTERMS.Location)
        for theme in _THEMES:
            self._theme(data, theme)
        self._span(data)
        self._contact(data)

    def _theme(self, data: Any, theme: str) -> None:
        from rdflib import DCAT, SKOS

        self._term(data, DCAT.theme, f"data-theme/{theme}", SKOS.Concept)

    def _span(self, data: Any) -> None:
        from rdflib import DCAT, DCTERMS, RDF, XSD, Literal

        if not self._dataset.rows:
            return
        span = self._at("#periode")
        self._add(data, DCTERMS.temporal, span)
        self._add(span, RDF.type, DCTERMS.PeriodOfTime)
        first = min(row.first_day for row in self._dataset.rows)
        last = max(row.last_day for row in self._dataset.rows)
        self._add(span, DCAT.startDate, Literal(first.isoformat(), datatype=XSD.date))
        self._add(span, DCAT.endDate, Literal(last.isoformat(), datatype=XSD.date))

    def _contact(self, data: Any) -> None:
        from rdflib import DCAT, RDF, Namespace, URIRef

        if not self._dataset.contact:
            return
        vcard = Namespace(CONTEXT["vcard"])
        point = self._at("#contact")
        self._add(data, DCAT.contactPoint, point)
        self._add(point, RDF.type, vcard.Kind)
        self._words(point, vcard.fn, self._dataset.publisher)
        if "@" in self._dataset.contact:
            self._add(point, vcard.hasEmail, URIRef(f"mailto:{self._dataset.contact}"))
        else:
            self._add(point, vcard.hasURL, URIRef(self._dataset.contact))

    def _distribution(self, data: Any, offer: Offer, content: bytes) -> None:
        from rdflib import DCAT, DCTERMS, RDF, RDFS, XSD, Literal, Namespace, URIRef

        spdx = Namespace(CONTEXT["spdx"])
        name = offer.path.replace("/", "-").replace(".", "-")
        node, checksum = self._at(f"#fichier-{name}"), self._at(f"#empreinte-{name}")
        self._add(data, DCAT.distribution, node)
        self._add(node, RDF.type, DCAT.Distribution)
        self._words(node, DCTERMS.title, offer.title)
        self._add(node, DCAT.accessURL, self._at(offer.path))
        self._add(node, DCAT.downloadURL, self._at(offer.path))
        self._add(self._at(offer.path), RDF.type, RDFS.Resource)
        self._term(node, DCTERMS.format, f"file-type/{offer.format}", DCTERMS.MediaTypeOrExtent)
        media = URIRef(_MEDIA + offer.media)
        self._add(node, DCAT.mediaType, media)
        self._add(media, RDF.type, DCTERMS.MediaType)
        self._add(node, DCAT.byteSize, Literal(str(len(content)), datatype=XSD.nonNegativeInteger))
        self._add(node, DCTERMS.issued, Literal(self._dataset.published_on.isoformat(), datatype=XSD.date))
        licence = URIRef(self._dataset.licence.address)
        self._add(node, DCTERMS.license, licence)
        self._add(licence, RDF.type, DCTERMS.LicenseDocument)
        self._words(licence, DCTERMS.title, self._dataset.licence.title)
        self._add(node, spdx.checksum, checksum)
        self._add(checksum, RDF.type, spdx.Checksum)
        self._add(checksum, spdx.algorithm, spdx.checksumAlgorithm_sha256)
        digest = hashlib.sha256(content).hexdigest()
        self._add(checksum, spdx.checksumValue, Literal(digest, datatype=XSD.hexBinary))

    def _term(self, subject: Any, property_: Any, term: str, kind: Any) -> None:
        """A term of a European list, with its kind: a reader of the record may not have the lists at hand."""
        from rdflib import RDF, URIRef

        self._add(subject, property_, URIRef(_AUTHORITY + term))
        self._add(URIRef(_AUTHORITY + term), RDF.type, kind)

    def _words(self, subject: Any, property_: Any, words: str) -> None:
        from rdflib import Literal

        self._add(subject, property_, Literal(words, lang=self._dataset.language))

    def _add(self, subject: Any, property_: Any, object_: Any) -> None:
        self._graph.add((subject, property_, object_))
