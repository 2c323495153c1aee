"""`egide release`: what the secret lets out of an edition, what it keeps, and what another choice would cost. [I/O]"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from attrs import evolve, frozen

from egide.cli.building import policy_of, publication_of, published_before
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.facts import facts_of
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION, STORE_OPTION
from egide.disclosure.cells import BelowThreshold, Cell
from egide.disclosure.policy import Policy
from egide.disclosure.published import Published
from egide.disclosure.release import Candidates, Release, proposed_ranges
from egide.disclosure.release import release as let_out
from egide.document.typography import cell_text, content_text
from egide.facts.model import Fact, FactKey, Unit
from egide.letter.edition import Edition, load_edition
from egide.letter.publish import answered, candidates_of
from egide.letter.wishes import facts_named
from egide.sources.messages import counted


@click.command()
@click.argument("edition", type=EDITION)
@click.option(
    "--keep",
    multiple=True,
    metavar="EXPRESSION",
    help="Essayer de garder ce nombre visible : montre ce qu’il faudrait masquer d’autre. Peut être répétée.",
)
@click.option("--ranges", is_flag=True, help="Proposer, pour chaque « nc », la fourchette la plus étroite sans risque.")
@STORE_OPTION
@CACHE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def release(
    edition: Path, keep: tuple[str, ...], ranges: bool, store: Path, cache: Path, as_json: bool, quiet: bool
) -> None:
    """Montrer ce que la règle de secret de l’EDITION laisse publier, ce qu’elle masque et pourquoi. Ne publie rien.

    Les livraisons de l’édition qui ne le sont pas encore sont enregistrées dans le dépôt.

    \b
    Exemples :
      egide release editions/2026
      egide release editions/2026 --keep "requests_women[2025]"
      egide release editions/2026 --ranges
    """
    loaded = load_edition(edition)
    places = Places(output=Path("build"), store=store, cache=cache)
    progress = Progress(quiet=quiet or as_json)
    if keep and ranges:
        raise click.UsageError("--keep et --ranges posent deux questions : une à la fois.")
    if keep:
        _try_to_keep(keep, _asked(loaded, places, progress), as_json)
    elif ranges:
        _propose_ranges(_asked(loaded, places, progress), as_json)
    else:
        _show(publication_of(loaded, places, progress=progress).release, as_json)


@frozen(kw_only=True)
class Question:
    """What is put to the door, without printing anything of it."""

    candidates: Candidates
    policy: Policy
    public: Published

    def release(self, keep: frozenset[FactKey] = frozenset()) -> Release:
        return let_out(evolve(self.candidates, keep=self.candidates.keep | keep), self.policy, self.public)


def _asked(edition: Edition, places: Places, progress: Progress) -> Question:
    policy = policy_of(edition)
    known = facts_of(edition, places, progress=progress)
    return Question(
        candidates=candidates_of(edition, known.book, known.relations, answered(edition, known.book)),
        policy=policy,
        public=published_before(edition, places),
    )


def _show(released: Release, as_json: bool) -> None:
    cells = released.by_id.values()
    if as_json:
        print_json([_told(cell, released) for cell in cells])
        return
    for cell in cells:
        if not cell.is_shown:
            click.echo(_line(cell, released))
    click.echo(f"{counted(len(cells), 'nombre')}, règle «\u00a0{released.policy}\u00a0»\u00a0: {_tally(cells)}.")


def _told(cell: Cell, released: Release) -> dict[str, str]:
    told = {"id": cell.id, "label": cell.label, "shown": cell_text(cell)}
    return told | {"why": released.why[cell.id]} if cell.id in released.why else told


def _line(cell: Cell, released: Release) -> str:
    return f"{cell_text(cell):6} {cell.label}, {cell.period} ({cell.id})\u00a0: {released.why[cell.id]}"


def _try_to_keep(texts: tuple[str, ...], question: Question, as_json: bool) -> None:
    """The same release with and without: what more must go, and what is won. A refusal says why it is impossible."""
    wanted = frozenset(facts_named(texts, question.candidates.requested, "--keep"))
    without, with_it = question.release(), question.release(keep=wanted)
    lost = [cell for cell in with_it.by_id.values() if not cell.is_shown and without.by_id[cell.id].is_shown]
    won = [cell for cell in with_it.by_id.values() if cell.is_shown and not without.by_id[cell.id].is_shown]
    if as_json:
        print_json({"hidden": [_told(cell, with_it) for cell in lost], "shown": [_told(cell, with_it) for cell in won]})
        return
    for heading, cells in (("À masquer en plus", lost), ("Montré en plus", won)):
        click.echo(f"{heading}\u00a0:" if cells else f"{heading}\u00a0: rien.")
        for cell in cells:
            click.echo(f"  {cell.label}, {cell.period} ({cell.id}){_because(cell, with_it)}")
    click.echo('Pour le décider, écrivez sous [keep] d’edition.toml\u00a0: "expression" = "raison".')


def _because(cell: Cell, released: Release) -> str:
    return f"\u00a0: {released.why[cell.id]}" if cell.id in released.why else ""


def _propose_ranges(question: Question, as_json: bool) -> None:
    candidates = question.candidates
    expressions = {fact.key: text for text, fact in candidates.requested.items() if isinstance(fact, Fact)}
    found = {
        key: None if one is None else content_text(one, Unit.COUNT)
        for key, one in proposed_ranges(candidates, question.policy, question.public).items()
    }
    if as_json:
        print_json([{"expression": expressions.get(key), "key": str(key), "range": one} for key, one in found.items()])
        return
    for key, one in found.items():
        click.echo(f"{one or 'nc, aucune fourchette sûre'}\u00a0: {candidates.name(key)} ({expressions.get(key, key)})")
    click.echo(
        "Chaque fourchette est sûre seule, avec les totaux\u00a0; la construction l’attaque avec tout le reste. "
        'Pour en imprimer, écrivez sous [ranges] d’edition.toml\u00a0: "expression" = "raison".'
        if found
        else "Aucun «\u00a0nc\u00a0» n’a été choisi ici\u00a0: ceux que les sources ont mis n’ont pas de nombre connu."
    )


_KINDS = {
    "Shown": ("montré", "montrés"),
    "NotCommunicated": ("non communiqué", "non communiqués"),
    "Bounded": ("borné", "bornés"),
    "Withheld": ("calculé sur une valeur masquée", "calculés sur une valeur masquée"),
}
_LIMITS = {5: "cinq", 11: "onze"}


def _tally(cells: Iterable[Cell]) -> str:
    contents = [cell.content for cell in cells]
    small = Counter(one.limit for one in contents if isinstance(one, BelowThreshold))
    kinds = Counter(type(one).__name__ for one in contents)
    below = [
        counted(count, f"inférieur à {_LIMITS.get(limit, limit)}", f"inférieurs à {_LIMITS.get(limit, limit)}")
        for limit, count in sorted(small.items())
    ]
    shown, *others = [[counted(kinds[kind], *said)] if kinds[kind] else [] for kind, said in _KINDS.items()]
    return ", ".join(one for part in (shown, below, *others) for one in part)
