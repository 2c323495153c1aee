"""The ads of one run, as read and checked, in memory until the door has closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import define, field

from egide.diagnostic.census import columns, messages
from egide.diagnostic.census.dates import day_of
from egide.diagnostic.census.manifest import Manifest
from egide.diagnostic.census.places import DATED, FORMS, Ambiguous, Gazetteer, Place, Unknown
from egide.diagnostic.census.reading import MOST_DEFECTS, Stream
from egide.diagnostic.duplicates.ads import Ads
from egide.diagnostic.tables import Row
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP, counted

_YES = {"": True, "oui": True, "vrai": True, "1": True, "non": False, "faux": False, "0": False}
_CANDIDATES = 6
_ROWS_NAMED = 20  # of a remark that holds for many


@define(kw_only=True, repr=False, eq=False)
class Arrivals:
    """Lists of one length, in the order read. `forget` empties them."""

    ads: Ads  # `texts`, `phones`, `places`, `days` and `accounts` are the lists below
    phones: list[str]
    mails: list[str]
    names: list[str]
    accounts: list[str]
    _labels: dict[str, list[str]]
    pages: dict[str, Counter[int]]  # site → relevant ads of each page read, 0 included
    origins: list[tuple[str, int]]  # file and row, for the team that holds the file
    remarks: list[Defect]  # what was read but not understood, without its content
    _texts: list[str]

    def __len__(self) -> int:
        return len(self._texts)

    def labels(self) -> dict[str, list[str]]:
        return self._labels

    def forget(self) -> None:
        for column in (self._texts, self.phones, self.mails, self.names, self.accounts):
            column.clear()


def receive(streams: Iterable[Stream], manifest: Manifest, gazetteer: Gazetteer) -> Arrivals:
    """Read every file whole. A town or a date that is not understood stays unknown and is listed; nothing is guessed.

    Raises: DeliveryRefused with all the defects of all the files: a column that may not be read, a site that the
    manifest does not name, a page that is no number.
    """
    desk = _Desk(manifest=manifest, gazetteer=gazetteer)
    for stream in streams:
        desk.take(stream)
    if not desk.defects and not desk.texts:
        desk.defects.append(_nothing())
    if desk.defects:
        raise DeliveryRefused(messages.kept_short(desk.defects, "collecte"))
    return Arrivals(
        ads=Ads(
            texts=desk.texts, phones=desk.phones, places=desk.labels["commune"], days=desk.days, accounts=desk.accounts
        ),
        texts=desk.texts,
        phones=desk.phones,
        mails=desk.mails,
        names=desk.names,
        accounts=desk.accounts,
        labels=desk.labels,
        pages=desk.pages,
        origins=desk.origins,
        remarks=desk.said(),
    )


@define(kw_only=True, repr=False, eq=False)
class _Desk:
    manifest: Manifest
    gazetteer: Gazetteer
    defects: list[Defect] = field(factory=list)
    texts: list[str] = field(factory=list)
    phones: list[str] = field(factory=list)
    mails: list[str] = field(factory=list)
    names: list[str] = field(factory=list)
    accounts: list[str] = field(factory=list)
    days: list[str] = field(factory=list)
    origins: list[tuple[str, int]] = field(factory=list)
    pages: dict[str, Counter[int]] = field(factory=dict)
    labels: dict[str, list[str]] = field(
        factory=lambda: {name: [] for name in ("site", "categorie", "departement", "epci", "commune", "mois")}
    )
    _towns: dict[tuple[str, str], Place | Ambiguous | Unknown] = field(factory=dict)
    _remarks: dict[tuple[str, str, str], _Remark] = field(factory=dict)  # by file, column and what was written

    def said(self) -> list[Defect]:
        """One remark for each thing that was not understood, with the rows where it stands."""
        return [remark.defect() for remark in self._remarks.values()]

    def take(self, stream: Stream) -> None:
        refused = columns.verdict(stream.columns, stream.place(1))
        self.defects += refused
        names = {columns.canonical(column): column for column in stream.columns}
        try:
            for row in stream:
                if not refused and len(self.defects) < MOST_DEFECTS:
                    self._row(stream, {name: row.cells[column] for name, column in names.items()}, row)
        except DeliveryRefused as refusal:
            self.defects += refusal.defects

    def _row(self, stream: Stream, cells: dict[str, str], row: Row) -> None:
        code = cells["site"]
        site = self.manifest.sites.get(code)
        if site is None:
            self._refuse(stream, row, "site", "un site du manifeste", "un autre code", "Décrivez-le dans le manifeste.")
        relevant = _YES.get(cells.get("pertinente", "").casefold())
        if relevant is None:
            self._refuse(stream, row, "pertinente", "oui ou non", "autre chose", "Laissez vide pour oui.")
        page = cells.get("page", "")
        if page and not (page.isascii() and page.isdigit() and len(page) <= 6 and int(page)):
            self._refuse(stream, row, "page", "le rang d’une page, à partir de 1", "autre chose", "Laissez vide sinon.")
        elif site is not None and page:
            self.pages.setdefault(code, Counter())[int(page)] += bool(relevant)
        if site is None or not relevant:
            return
        title, body = cells.get("titre", ""), cells["texte"]
        self.texts.append(f"{title}\n{body}" if title and body else title or body)
        self.phones.append(cells.get("telephone", ""))
        self.mails.append(cells.get("courriel", ""))
        self.names.append(cells.get("nom", ""))
        self.accounts.append(cells.get("compte", ""))
        self.origins.append((stream.file_name, row.number))
        self.labels["site"].append(code)
        self.labels["categorie"].append(site.category.value)
        self._place(stream, row, cells.get("commune", ""), cells.get("insee", ""))
        self._day(stream, row, cells.get("date", ""))

    def _place(self, stream: Stream, row: Row, declared: str, insee: str) -> None:
        key = declared, insee
        found = self._towns.get(key)
        if found is None:
            found = self.gazetteer.coded(insee) if insee else self.gazetteer.find(declared, self.manifest.department)
            self._towns[key] = found
        where = found.municipality if isinstance(found, Place) else None
        self.labels["commune"].append(where.code if where else "")
        self.labels["departement"].append(where.department if where else "")
        self.labels["epci"].append(where.epci if where else "")
        column, written = ("insee", insee) if insee else ("commune", declared)
        if isinstance(found, Ambiguous):
            named = ", ".join(f"{each.name} ({each.code})" for each in found.candidates[:_CANDIDATES])
            more = "…" if len(found.candidates) > _CANDIDATES else ""
            self._remark(stream, row, column, written, "une seule commune", f"{named}{more}", "Ajoutez le code postal.")
        elif where is None and written:
            got = f"un texte de {counted(len(written), 'caractère')} qui n’en nomme aucune"
            way_out = f"Écrivez le nom officiel et le code postal{NBSP}; l’annonce est comptée sans commune."
            self._remark(stream, row, column, written, "une commune", got, way_out)
        elif isinstance(found, Place) and found.former is not None and found.former.form != "M":
            name, present = found.former.name, found.municipality
            got = f"{name}, {FORMS[found.former.form]}"
            dated = f"d’après la liste du {DATED:%d/%m/%Y}, qui ne dit pas depuis quand"
            way_out = f"Comptée à {present.name} ({present.code}), {dated}."
            self._remark(stream, row, column, written, "une commune d’aujourd’hui", got, way_out)

    def _day(self, stream: Stream, row: Row, written: str) -> None:
        day = day_of(written)
        if day is not None and day > self.manifest.last_day:  # no ad was read before it was there
            day = None
        self.days.append(day.isoformat() if day else "")
        self.labels["mois"].append(f"{day:%Y-%m}" if day else "")
        if written and day is None:
            got = f"un texte de {counted(len(written), 'caractère')}"
            expected, way_out = (
                "un jour complet, comme 12/03/2026, avant la fin du relevé",
                "L’annonce est comptée sans date.",
            )
            self._remark(stream, row, "date", written, expected, got, way_out)

    def _refuse(self, stream: Stream, row: Row, column: str, expected: str, got: str, way_out: str) -> None:
        self.defects.append(Defect(place=stream.place(row.number, column), expected=expected, got=got, way_out=way_out))

    def _remark(
        self, stream: Stream, row: Row, column: str, written: str, expected: str, got: str, way_out: str
    ) -> None:
        key = stream.place(), column, written
        remark = self._remarks.get(key)
        if remark is None:
            remark = self._remarks[key] = _Remark(
                place=f"{stream.place()}, colonne {column}", expected=expected, got=got, way_out=way_out
            )
        remark.rows.append(row.number)


@define(kw_only=True, repr=False)
class _Remark:
    place: str
    expected: str
    got: str
    way_out: str
    rows: list[int] = field(factory=list)

    def defect(self) -> Defect:
        named = ", ".join(map(str, self.rows[:_ROWS_NAMED]))
        more = f"… ({counted(len(self.rows), 'ligne')})" if len(self.rows) > _ROWS_NAMED else ""
        word = "ligne" if len(self.rows) == 1 else "lignes"
        place = f"{self.place}, {word} {named}{more}"
        return Defect(place=place, expected=self.expected, got=self.got, way_out=self.way_out)


def _nothing() -> Defect:
    return Defect(
        place="collecte",
        expected="au moins une annonce pertinente",
        got="aucune",
        way_out="Une collecte sans annonce se dit dans le rapport, elle ne s’importe pas.",
    )
