"""Where the numbers of a figure or a table come from and where they hold: `Source : …`, `Champ : …`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from egide.disclosure.cells import Cell
from egide.document.figures.labels import plain
from egide.document.typography import NBSP, THIN
from egide.errors import Defect, EditionRefused
from egide.reference.territories import territory_name


def source_line(place: str, cells: Sequence[Cell], names: Mapping[str, str], written: str = "") -> str:
    """`Source : …`, from the author's words if any, else from the cells' institutions; empty when nothing is known.

    Raises: EditionRefused for an institution without a name.
    """
    if written:
        return f"Source{NBSP}: {_without_stop(plain(written))}"
    sources = list(dict.fromkeys(source for cell in cells for source in cell.sources))
    unnamed = [source for source in sources if source not in names]
    if unnamed:
        raise EditionRefused(
            Defect(
                place=place,
                expected="une source qui a un nom",
                got=f"« {one} »",
                way_out="Nommez-la dans « institutions » de edition.toml, ou donnez « source » dans la figure.",
            )
            for one in unnamed
        )
    if not sources:
        return ""
    told = f"{THIN}; ".join(dict.fromkeys(_without_stop(plain(names[source])) for source in sources))
    return f"{'Sources' if len(sources) > 1 else 'Source'}{NBSP}: {told}"


def scope_line(cells: Sequence[Cell], written: str = "") -> str:
    """`Champ : …`, from the author's words if any, else from the cells' territories; empty when nothing is known."""
    if written:
        return f"Champ{NBSP}: {_without_stop(plain(written))}"
    places = dict.fromkeys(territory_name(cell.territory) for cell in cells)
    return f"Champ{NBSP}: {', '.join(places)}" if places else ""


def _without_stop(words: str) -> str:
    return words.strip().removesuffix(".")
