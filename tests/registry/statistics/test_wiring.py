"""From the files of two departments to a released year: counts written by hand, and no other way to count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from click.testing import CliRunner
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.test import override_settings

from egide.cli import main
from egide.disclosure.cells import Shown
from egide.disclosure.published import PublishedCell, PublishedEdition
from egide.disclosure.register import Register
from egide.errors import StoreError
from egide.facts.model import FactKey
from egide.facts.values import Value
from egide.sources.schema import SourceSchema
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.actions import appeals, filing, outcomes, paths, rights, transfers
from egide_registry.psp.models import Request
from egide_registry.psp.rules import outcomes as codes
from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealKind
from egide_registry.security.fields import SealedField
from egide_registry.security.policies import TABLES
from egide_registry.security.roles import GATE, STAT
from egide_registry.statistics.dashboard import dashboard
from egide_registry.statistics.reading import read
from egide_registry.statistics.release import Released
from egide_registry.statistics.rules import Row, delay_class
from egide_registry.statistics.store import Releases
from support import psp, truth
from support.commission import Desk
from support.registry import World, acting

YEAR = 2024


def day(month: int, number: int, year: int = YEAR) -> date:
    return date(year, month, number)


# ---- a year of two departments, by the same actions as the real ones ----


def decided(world: World, *, filed: date, granted: date) -> Request:
    request = psp.with_opinion(world, on=filed)
    with acting(world[Role.PREFECT]):
        psp.deciding.grant(request.pk, by=world[Role.PREFECT], on=granted)
    return psp.seen(world, request)


def ended_at_term(world: World) -> None:
    """Granted in March, ended in September, with a job; asked again six months later, in the next year."""
    association = world[Role.ASSOCIATION]
    request = psp.notified(world, decided(world, filed=day(1, 10), granted=day(3, 20)), on=day(3, 25))
    with acting(world[Role.DELEGATE]):
        paths.end_at_term(request.file_id, by=world[Role.DELEGATE], on=day(9, 20))
    known = {"work": codes.Work.FIXED_TERM, "housing": codes.Housing.SOCIAL, "residence": codes.Residence.TEMPORARY}
    for moment, on in ((codes.Moment.END, day(9, 25)), (codes.Moment.SIX, day(3, 15, YEAR + 1))):
        with acting(association):
            outcomes.record(request.file_id, moment, by=association, on=on, **known)


def ended_early(world: World) -> None:
    """Granted the year before, ended in May at the person's demand; nobody knows what came after."""
    request = decided(world, filed=day(11, 2, YEAR - 1), granted=day(2, 1))
    with acting(world[Role.ASSOCIATION]):
        paths.end_on_request(request.file_id, last_day=day(5, 15), by=world[Role.ASSOCIATION], on=day(5, 15))


def in_progress(world: World) -> None:
    """Granted in August, still in path on the last day of the year, with three rights."""
    file, by = decided(world, filed=day(12, 20, YEAR - 1), granted=day(8, 1)).file_id, world[Role.DELEGATE]
    with acting(by):
        aps = rights.ask(file, RightKind.APS, asked_on=day(8, 5), by=by)
        rights.date_right(aps.pk, by=by, granted_on=day(8, 20), effective_on=day(9, 25))
        support = rights.ask(file, RightKind.SUPPORT, asked_on=day(8, 5), by=by)
        rights.date_right(support.pk, by=by, granted_on=day(9, 1))
        rights.ask(file, RightKind.AFIS, asked_on=day(8, 5), by=by)
        rights.ask(file, RightKind.AFIS, asked_on=day(1, 5, YEAR + 1), by=by)


def refused(world: World) -> None:
    """Proposed in April, confirmed in May; rejected by the prefect, now before the court."""
    association, prefect = world[Role.ASSOCIATION], world[Role.PREFECT]
    request = psp.with_opinion(world, on=day(2, 5))
    with acting(world[Role.DELEGATE]):
        psp.deciding.propose_refusal(request.pk, ["not_victim"], psp.REASONS, by=world[Role.DELEGATE], on=day(4, 2))
    with acting(prefect):
        psp.deciding.confirm_refusal(request.pk, by=prefect, on=day(5, 6))
    psp.notified(world, request, on=day(5, 7))
    with acting(association):
        first = appeals.lodge(
            request.pk, AppealKind.GRACIEUX, "Des faits.", by=association, filed_on=day(6, 3), on=day(6, 3)
        )
        appeals.lodge(request.pk, AppealKind.TRIBUNAL, "Des faits.", by=association, filed_on=day(9, 3), on=day(9, 3))
    for code in ("register", "reject"):
        with acting(prefect):
            appeals.act(first.pk, code, by=prefect, on=day(7, 1), words="Des motifs.")


def undecided(world: World) -> None:
    """One waits for the prefect, one proposes a refusal that nobody confirmed, one was withdrawn, one is a draft."""
    psp.with_opinion(world, on=day(6, 1))
    psp.refusal_proposed(world, on=day(6, 2))
    gone, association = psp.filed(world, on=day(8, 1)), world[Role.ASSOCIATION]
    draft = psp.draft(world, on=day(7, 1))
    with acting(association):
        filing.withdraw(gone.pk, by=association, on=day(8, 15))
        rights.ask(draft.file_id, RightKind.HOUSING, asked_on=day(7, 2), by=association)


def moved(world: World, there: World) -> None:
    """Granted here in less than a month, followed there since."""
    request = psp.notified(world, decided(world, filed=day(10, 1), granted=day(10, 30)), on=day(10, 30))
    with acting(world[Role.DELEGATE]):
        transfer = transfers.ask(
            request.file_id,
            to_department=there.code,
            to_body=there.association,
            by=world[Role.DELEGATE],
            on=day(11, 4),
        )
    with acting(there[Role.DELEGATE]):
        transfers.answer(transfer.pk, "accept", by=there[Role.DELEGATE], on=day(11, 5))
    with acting(world[Role.DELEGATE]):
        transfers.hand_over(transfer.pk, by=world[Role.DELEGATE], on=day(11, 6))


def sat(world: World) -> None:
    """Two sessions held, one that nobody came to."""
    desk = Desk(world)
    for on in (day(4, 10), day(10, 9)):
        session = desk.convene(on)
        desk.attend(session, desk.members)
        desk.hold(session, on=on)
    desk.convene(day(12, 1))


@pytest.fixture(scope="module")
def corse(database: None) -> tuple[World, World]:
    south, north = World("2A"), World("2B")
    for story in (ended_at_term, ended_early, in_progress, refused, undecided, sat):
        story(south)
    moved(south, north)
    return south, north


ALONE = override_settings(EGIDE_STATISTICS_DEPARTMENTS=("2A", "2B"))


def row(measure: str, count: int, department: str = "2A", period: str = str(YEAR), **dims: str) -> Row:
    return Row(measure=measure, department=department, period=period, count=count, dims=dims)


COUNTED = {
    row("psp_current", 1, period=f"{YEAR}-12-31"),
    row("psp_current", 1, "2B", period=f"{YEAR}-12-31"),
    row("psp_requests", 1, kind="first", outcome="granted", delay="m1_3"),
    row("psp_requests", 1, kind="first", outcome="refused", delay="m3_6"),
    row("psp_requests", 2, kind="first", outcome="pending"),
    row("psp_requests", 1, kind="first", outcome="withdrawn"),
    row("psp_requests", 1, "2B", kind="first", outcome="granted", delay="lt1m"),
    row("psp_appeals", 1, way="prefect", outcome="rejected"),
    row("psp_appeals", 1, way="court", outcome="pending"),
    row("psp_ended", 1, ending="term", work="short_job", housing="own_home", residence="settled"),
    row("psp_ended", 1, ending="early", work="work_unknown", housing="housing_unknown", residence="residence_unknown"),
    row("psp_rights", 1, right="aps", stage="effective", delay="m1_3"),
    row("psp_rights", 1, right="support", stage="not_effective"),
    row("psp_rights", 1, right="afis", stage="not_granted"),
    row("cdlp_sessions", 2),
}


def test_the_files_of_two_departments_give_the_counts_written_by_hand(corse: tuple[World, World]) -> None:
    found = read(YEAR, only=("2A", "2B"))
    assert found.covered == {"2A", "2B"}
    assert set(found.rows) == COUNTED
    assert len(found.rows) == len(COUNTED)


def test_the_year_before_has_its_own_counts(corse: tuple[World, World]) -> None:
    assert set(read(YEAR - 1, only=("2A", "2B")).rows) == {
        row("psp_requests", 1, period="2023", kind="first", outcome="granted", delay="m1_3"),
        row("psp_requests", 1, period="2023", kind="first", outcome="granted", delay="gt6m"),
    }


def test_what_became_of_a_person_six_months_after_counts_in_the_year_it_was_asked(corse: tuple[World, World]) -> None:
    followed = {one for one in read(YEAR + 1, only=("2A", "2B")).rows if one.measure == "psp_followed"}
    known = {"work": "short_job", "housing": "own_home", "residence": "settled"}
    assert followed == {row("psp_followed", 1, period="2025", moment="m6", **known)}


def test_a_department_counts_from_the_first_whole_year_of_its_registry(corse: tuple[World, World]) -> None:
    assert not read(2019, only=("2A", "2B")).covered  # opened on 1 January 2020
    assert read(2020, only=("2A", "2B")).covered == {"2A", "2B"}
    assert read(YEAR, only=("2A",)).covered == {"2A"}


def test_a_place_that_is_none_of_the_101_departments_is_said_and_not_counted(world: World) -> None:
    found = read(YEAR, only=(world.code,))
    assert (found.covered, found.outside, found.rows) == (frozenset(), (world.code,), ())


# ---- no other way to count ----


def refusals(alias: str, *queries: str) -> list[str]:
    """Those of these queries that the role of this alias is allowed."""
    done = []
    for query in queries:
        try:
            with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
                cursor.execute(query)
            done.append(query)
        except DatabaseError:
            pass
    return done


def test_the_counting_role_reads_no_table(database: None) -> None:
    assert refusals("statistics", *(f"SELECT 1 FROM public.{table.name}" for table in TABLES)) == []
    with truth.superuser() as admin:
        readable = admin.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('public', 'security') AND c.relkind IN ('r', 'v', 'm', 'p', 'S') AND ("
            "has_table_privilege(%s, c.oid, 'SELECT') OR c.relkind <> 'S' "
            "AND has_any_column_privilege(%s, c.oid, 'SELECT'))",
            [STAT, STAT],
        ).fetchall()
    assert readable == []


def test_the_counting_role_calls_two_functions_and_nothing_else(database: None) -> None:
    with truth.superuser() as admin:
        callable_ = admin.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND has_schema_privilege(%s, n.oid, 'USAGE') "
            "AND has_function_privilege(%s, p.oid, 'EXECUTE') AND p.prorettype <> 'trigger'::regtype",
            [STAT, STAT],
        ).fetchall()
    assert sorted(name for (name,) in callable_) == ["covered", "statistics"]


@pytest.mark.parametrize("alias", ["default", "journal"])
def test_the_site_cannot_count_whatever_the_mandate(world: World, alias: str) -> None:
    asked = (f"SELECT count(*) FROM security.statistics({YEAR})", f"SELECT * FROM security.covered({YEAR})")
    assert refusals(alias, *asked) == []
    with acting(world[Role.OBSERVATORY]):
        assert refusals("default", *asked) == []


def test_a_year_that_is_not_over_is_not_counted(database: None) -> None:
    with pytest.raises(DatabaseError, match="is not over"):
        read(date.today().year)


def test_what_counts_reads_no_sealed_column(database: None) -> None:
    sealed = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, SealedField)
    ]
    assert sealed
    with truth.superuser() as admin:
        for table, column in sealed:
            answer = admin.execute("SELECT has_column_privilege(%s, %s, %s, 'SELECT')", [GATE, table, column])
            assert answer.fetchone() == (False,), (table, column)


def test_a_row_never_has_a_day_but_the_last_of_the_year_nor_an_identifier(corse: tuple[World, World]) -> None:
    for one in read(YEAR, only=("2A", "2B")).rows:
        assert one.period in (str(YEAR), f"{YEAR}-12-31")
        assert all(value.replace("_", "").isalnum() and len(value) < 20 for _, value in one.dims)


def test_the_database_puts_a_delay_in_the_same_class_as_the_rules(database: None) -> None:
    draw = Random(4)
    first = date(2023, 12, 1)
    asked = [first + timedelta(days=draw.randrange(500)) for _ in range(3000)]
    answered = [one + timedelta(days=draw.randrange(240)) for one in asked]
    with truth.superuser() as admin:
        found = admin.execute(
            "SELECT security.delay_class(a, b) FROM unnest(%s::date[], %s::date[]) WITH ORDINALITY t(a, b, n) "
            "ORDER BY n",
            [asked, answered],
        ).fetchall()
        backwards = admin.execute("SELECT security.delay_class('2024-02-02', '2024-02-01')").fetchone()
    assert [code for (code,) in found] == [delay_class(*pair) for pair in zip(asked, answered, strict=True)]
    assert backwards == (None,)  # and such a row is refused


# ---- the command ----


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(EGIDE_RELEASES=str(tmp_path / "diffusions")), ALONE:
        yield tmp_path / "diffusions"


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("release_statistics", str(YEAR), *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def journalled() -> list[str]:
    entries = Entry.objects.using("journal").filter(chain="compte", event="statistics_released")
    return [entry.detail for entry in entries.order_by("seq")]


def test_without_being_told_to_nothing_is_released(corse: tuple[World, World], folder: Path) -> None:
    before = journalled()
    said = told()
    assert "2 départements couverts" in said
    assert "séances\u00a0: 3 cases montrées" in said and "Rien n’a été diffusé" in said
    assert not folder.exists()
    assert journalled() == before


def test_a_released_year_is_kept_journalled_and_accepted_by_the_observatory(
    corse: tuple[World, World], folder: Path
) -> None:
    before = journalled()
    assert "Diffusé\u00a0: registre-1, année 2024" in told("--faire")
    (file,) = folder.glob("registre-2024-*.csv")
    checked = CliRunner().invoke(main, ["check", "registre", str(file)])
    assert checked.exit_code == 0, checked.output
    (entry,) = journalled()[len(before) :]
    detail = json.loads(entry)
    releases = Releases(folder)
    drawn = releases.latest()
    assert drawn is not None
    assert (detail["year"], detail["fingerprint"]) == (YEAR, drawn.version.fingerprint)
    assert [edition.edition for edition in releases.public()] == ["registre-1-2024"]
    # Told again: not one byte more.
    kept = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert "Déjà diffusé, à l’identique" in told("--faire")
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept
    assert len(journalled()) == len(before) + 1


def test_a_year_that_is_not_over_or_a_letter_that_is_not_there_is_refused(folder: Path, database: None) -> None:
    with pytest.raises(CommandError, match="n’est pas finie"):
        call_command("release_statistics", str(date.today().year))
    with pytest.raises(CommandError, match="n’est pas un dossier"):
        told("--lettre", str(folder / "absent"))


# ---- what is kept ----


def test_what_was_released_is_read_back_as_it_was_drawn(small: Released, schema: SourceSchema, tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    assert releases.latest() is None
    assert releases.keep(small, schema).is_new
    assert releases.latest() == dashboard(small)


def test_the_same_year_on_a_later_day_keeps_the_first_release(
    small: Released, schema: SourceSchema, tmp_path: Path
) -> None:
    releases = Releases(tmp_path)
    releases.keep(small, schema)
    (tmp_path / "tableau-2025.json").unlink()  # as if the machine had stopped there
    on = date(2026, 9, 1)
    cells = tuple(evolve(cell, on=on) for cell in small.published.cells)
    later = evolve(small, version=evolve(small.version, day=on), published=evolve(small.published, on=on, cells=cells))
    again = releases.keep(later, schema)
    assert not again.is_new
    assert again.released.version == small.version
    assert releases.years() == (2025,)
    assert len(list(tmp_path.glob("*.csv"))) == len(list((tmp_path / "registre").iterdir())) == 1


def test_the_same_year_with_other_cells_is_refused(small: Released, schema: SourceSchema, tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    releases.keep(small, schema)
    fewer = evolve(small, published=evolve(small.published, cells=small.published.cells[1:]))
    with pytest.raises(StoreError, match="une année diffusée ne se révise pas"):
        releases.keep(fewer, schema)


def test_a_dashboard_that_was_touched_is_not_shown(small: Released, schema: SourceSchema, tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    releases.keep(small, schema)
    path = tmp_path / "tableau-2025.json"
    path.write_text(path.read_text(encoding="utf-8").replace("non diffusé", "3", 1), encoding="utf-8")
    with pytest.raises(StoreError, match="n’est pas le tableau qui a été diffusé"):
        releases.latest()


def test_what_the_letter_printed_is_known_before_a_year_is_drawn(
    corse: tuple[World, World], folder: Path, tmp_path: Path
) -> None:
    """A small count that it printed cannot be hidden any more: nothing is said of the appeals beside it."""
    on = date(YEAR + 1, 6, 1)
    key = FactKey(source="sdfe", measure="appeals_against_refusal", territory="DEP-2A", period=str(YEAR))
    cell = PublishedCell(
        key=key,
        known_on=on,
        content=Shown(Value.exact(2)),
        label="Recours",
        expression="recours",
        edition="lettre",
        on=on,
    )
    Register(tmp_path / "lettre").record(PublishedEdition(edition="lettre", on=on, cells=(cell,)))
    line = "recours\u00a0: 1 case montrée, 1 case masquée, 1 niveau laissé de côté"
    assert line in told()
    assert line not in told("--lettre", str(tmp_path / "lettre"))
