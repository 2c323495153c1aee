"""A small edition in a folder: two institutions, a few series, one figure, one table, ten lines of prose.

folder = small_edition(tmp_path / "2026")
spoil(folder, "prose/01-aides.md", "{{ recipients[2025] }}", "{{ recipient[2025] }}")
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from egide.cli import main
from egide.sources.catalogue import load_schema
from egide.sources.schema import Role

RECIPIENTS = {"2023": 672, "2024": 806, "2025": 895}
# Two parts and their total: the small one is hidden, so the other must be, or one subtraction gives it back.
SMALL, NEIGHBOUR, TOTAL = 3, 7916, 7919
SECRET_NOTE = "dont une personne de Clochemerle"

PROSE = """# Les aides {#aides}

::: source
Source : CCMSA, {2025}
Champ : France (hors COM)
:::

En {2025}, {{ recipients[2025] }} personnes ont reçu l’aide, contre {{ recipients[2024] }} en {2024}.
C’est {{ recipients[2025] : "près de 900" }} personnes[^aide], une hausse de {{ recipients.growth(2024, 2025) }}.

::: figure f01
:::

[^aide]: Une personne compte une fois par année.

## À Paris {#paris}

Paris a reçu {{ requests[2025] }} premières demandes,
dont {{ requests_women[2025] }} femmes et {{ requests_men[2025] }} hommes.
Les hommes forment {{ share(requests_men[2025], requests[2025]) }} de l’ensemble.

::: table t01
:::
"""

FIGURES = """
[[figure]]
id = "f01"
number = 1
kind = "bar"
title = "Bénéficiaires de l’aide, 2023-2025"
periods = [2023, 2024, 2025]
series = [{ label = "Bénéficiaires", values = "recipients[x]" }]

[[table]]
id = "t01"
title = "Premières demandes à Paris, 2025"
corner = "Sexe"
columns = ["Demandes"]
rows = [
  { label = "Femmes", values = ["requests_women[2025]"] },
  { label = "Hommes", values = ["requests_men[2025]"] },
  { label = "Ensemble", values = ["requests[2025]"] },
]
"""

SERIES = """
[recipients]
source = "afis"
measure = "afis_recipients"
territory = "FR_HORS_COM"
label = "Bénéficiaires de l’aide"

[requests]
source = "cdlp_paris"
measure = "psp_first_requests"
territory = "DEP-75"
label = "Premières demandes à Paris"

[requests_women]
source = "cdlp_paris"
measure = "psp_first_requests"
territory = "DEP-75"
dims = { sex = "F" }
label = "Premières demandes de femmes à Paris"

[requests_men]
source = "cdlp_paris"
measure = "psp_first_requests"
territory = "DEP-75"
dims = { sex = "M" }
label = "Premières demandes d’hommes à Paris"
"""

_HEAD = """
id = "{year}"
title = "Petite lettre"
subtitle = "Essai"
issue = "n° {year}"
publisher = "Observatoire d’essai"
published_on = {year}-04-13
known_on = {year}-04-02
policy = "secret-statistique"
licence = "Licence Ouverte 2.0"
contact = "observatoire@exemple.fr"
names = ["3919"]

[institutions]
afis = "CCMSA"
cdlp_paris = "Commission de Paris"
"""


def small_edition(
    folder: Path,
    *,
    year: int = 2026,
    recipients: Mapping[str, int] = RECIPIENTS,
    status: str = "définitif",
    earlier: Path | None = None,
    prose: str = PROSE,
) -> Path:
    """Write the edition of a year. With `earlier`, the edition of another year, its deliveries are received again."""
    for part in ("deliveries", "prose"):
        (folder / part).mkdir(parents=True)
    head = _HEAD.format(year=year)
    if earlier:
        for path in sorted((earlier / "deliveries").iterdir()):
            (folder / "deliveries" / path.name).write_bytes(path.read_bytes())
        head += "".join((earlier / "edition.toml").read_text(encoding="utf-8").partition("[[delivery]]")[1:])
    afis, paris = f"afis-{year}.csv", f"paris-{year}.xlsx"
    (folder / "deliveries" / afis).write_text(recipients_csv(recipients, status), encoding="utf-8")
    requests_workbook(folder / "deliveries" / paris)
    for source, file in (("afis", afis), ("cdlp_paris", paris)):
        head += f'\n[[delivery]]\nsource = "{source}"\nfile = "{file}"\nreceived_on = {year}-04-02\n'
    (folder / "edition.toml").write_text(head, encoding="utf-8")
    (folder / "series.toml").write_text(SERIES, encoding="utf-8")
    (folder / "figures.toml").write_text(FIGURES, encoding="utf-8")
    (folder / "prose" / "01-aides.md").write_text(prose, encoding="utf-8")
    return folder


def recipients_csv(recipients: Mapping[str, int], status: str = "définitif") -> str:
    columns = [spec.name for spec in load_schema("afis").sheets[0].fields]
    rows = (
        {"indicateur": "Bénéficiaires de l’Afis", "periode": period, "territoire": "France (hors COM)"}
        | {"valeur": str(value), "statut": status}
        for period, value in recipients.items()
    )
    return "\n".join([",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]) + "\n"


def requests_workbook(path: Path) -> None:
    """What the commission of Paris sends: every sheet of its schema, and the requests by sex in clear."""
    women, men = {"valeur": NEIGHBOUR, "sexe": "Femmes"}, {"valeur": SMALL, "sexe": "Hommes", "note": SECRET_NOTE}
    whole = {"valeur": TOTAL, "note": SECRET_NOTE}
    workbook(path, "cdlp_paris", {"territoire": "Paris"}, Demandes=[whole, women, men])


def workbook(path: Path, source: str, common: Mapping[str, Any], **sheets: list[dict[str, Any]]) -> None:
    """Every sheet of a schema, with one row of no matter, save for the sheets named: their rows, of which `valeur` is
    the number whatever its column is called."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in load_schema(source).sheets:
        columns = [spec.name for spec in sheet.fields]
        (value,) = sheet.of_role(Role.VALUE)
        usual: dict[str, Any] = {spec.name: spec.labels[0] for spec in sheet.fields if spec.required and spec.labels}
        usual |= {"periode": "2025", "statut": "définitif", **common}
        made = book.create_sheet(sheet.name)
        made.append(columns)
        for row in sheets.get(sheet.name, [{"valeur": 12}]):
            filled = usual | row | {value.name: row["valeur"]}
            made.append([filled.get(name) for name in columns])
    book.save(path)


# Three requests of thirty refused: the 3 is hidden and the 27 with it, but 10 % gives it back.
EXAMINED, ACCEPTED, REFUSED, REFUSED_SHARE = 30, 27, 3, 10

REFUSED_SERIES = """
[examined]
source = "sdfe"
measure = "psp_first_requests"
territory = "FR_HORS_COM"
label = "Premières demandes examinées"

[accepted]
source = "sdfe"
measure = "psp_first_requests_accepted"
territory = "FR_HORS_COM"
label = "Premières demandes acceptées"

[refused]
source = "sdfe"
measure = "psp_first_requests_refused"
territory = "FR_HORS_COM"
label = "Premières demandes refusées"

[refused_share]
source = "sdfe"
measure = "share_first_requests_refused"
territory = "FR_HORS_COM"
label = "Part des premières demandes refusées"
"""


def add_refusals(folder: Path, sentence: str, *, year: int = 2026) -> Path:
    """Add what the women's-rights service sends, and one more sentence, to an edition."""
    file = f"sdfe-{year}.xlsx"
    requests = {"de parcours": EXAMINED, "acceptées": ACCEPTED, "refusées": REFUSED}
    rows = [{"indicateur": f"Premières demandes {name}", "valeur": number} for name, number in requests.items()]
    share = {"indicateur": "Part des premières demandes refusées", "valeur": REFUSED_SHARE}
    workbook(folder / "deliveries" / file, "sdfe", {}, Demandes=rows, Parts=[share])
    append(folder / "edition.toml", f'\n[[delivery]]\nsource = "sdfe"\nfile = "{file}"\nreceived_on = {year}-04-02\n')
    spoil(folder, "edition.toml", "[institutions]\n", '[institutions]\nsdfe = "SDFE"\n')
    append(folder / "series.toml", REFUSED_SERIES)
    append(folder / "prose" / "01-aides.md", f"\n## Demandes {{#demandes}}\n\n{sentence}\n")
    return folder


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Change one thing in a file of the edition; it must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def egide(*arguments: object, **settings: Any) -> Result:
    """Run a command in this process, the way the terminal would."""
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False, **settings)


def said(text: str) -> str:
    """What a command printed, each space being a plain one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def build(folder: Path, output: Path, *options: object) -> Result:
    """`egide letter build` with its store beside the output and, if none is named, a cache there too."""
    places = [] if "--cache" in options else ["--cache", output.parent / "cache"]
    places += [] if "--store" in options else ["--store", output.parent / "store"]
    return egide("letter", "build", folder, "--output", output, *places, *options)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
