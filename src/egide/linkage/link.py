"""Run Splink on DuckDB, in memory and on one thread: records in, pairs out, nothing left behind. [I/O]

No file is read or written, no extension is fetched, and Splink says nothing on any output. Source:
docs/methods/record-linkage.md; Linacre et al. 2022 (Splink), Fellegi and Sunter 1969.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from egide.errors import CalculationRefused
from egide.linkage.pairs import Pairs
from egide.linkage.settings import Comparison, Holds, Settings

_NOTHING_LEAVES = (
    "SET threads = 1",  # one result whatever the machine
    "SET preserve_insertion_order = true",
    "SET temp_directory = ''",  # too much for the memory is an error, never a file
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_SAMPLED_PAIRS = 2e6

Records = Mapping[str, Sequence[Any]]  # column -> values; None, "" and []: not known


def link(records: Records, settings: Settings, *, seed: int = 1, lists: Sequence[int] | None = None) -> Pairs:
    """The pairs of `records` that may be of one person, with probabilities at least `settings.floor`.

    lists: which list each record comes from, when records of one list are known to be of different persons.
    Raises: CalculationRefused when a column is absent, or when the engine cannot read one as `settings` asks.
    """
    missing = [column for column in settings.columns if column not in records]
    if missing:
        raise CalculationRefused(f"Il manque la colonne {', '.join(missing)} pour rapprocher ces enregistrements.")
    count = len(records[settings.columns[0]])
    if count < 2:
        return _no_pairs(count)
    holds = {column: one.holds for one in settings.comparisons for column in one.columns}
    columns = _arrays({name: records[name] for name in settings.columns}, holds)
    if columns is None:
        raise _misshapen()
    columns["unique_id"] = pa.array(range(count), type=pa.int64())
    whole = pa.table(columns)
    tables = [whole] if lists is None else [whole.filter(np.asarray(lists) == one) for one in sorted(set(lists))]
    if len(tables) == 1 and lists is not None:
        return _no_pairs(count)
    with _silent_splink():
        found = _run(tables, settings, count, seed)
    if found is None:  # said outside of any `except`: the engine's own error may quote a value, and must not travel
        raise _misshapen()
    return found


def _misshapen() -> CalculationRefused:
    return CalculationRefused("Le rapprochement a échoué\u00a0: une colonne n’a pas la forme que les réglages disent.")


def _run(tables: Sequence[pa.Table], settings: Settings, count: int, seed: int) -> Pairs | None:
    from splink.internals.exceptions import SplinkException

    try:
        return _linked(tables, settings, count, seed)
    except SplinkException:
        return None


def _linked(tables: Sequence[pa.Table], settings: Settings, count: int, seed: int) -> Pairs:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # a second to import: only when it is used

    api = DuckDBAPI()
    with closing(api.duckdb_con):
        for statement in _NOTHING_LEAVES:
            api.duckdb_con.execute(statement)
        frames = [api.register(table, dataset_display_name=f"list_{rank}") for rank, table in enumerate(tables)]
        linker = Linker(
            frames if len(frames) > 1 else frames[0],
            SettingsCreator(
                link_type="link_only" if len(frames) > 1 else "dedupe_only",
                comparisons=[_splink(comparison) for comparison in settings.comparisons],
                blocking_rules_to_generate_predictions=[block_on(*map(_key, block)) for block in settings.blocks],
                probability_two_random_records_match=settings.prior,
                retain_matching_columns=False,
            ),
            log_level=None,
        )
        if settings.sure:
            rules: list[Any] = [block_on(*map(_key, block)) for block in settings.sure]
            linker.training.estimate_probability_two_random_records_match(rules, recall=settings.recall)
        if settings.learn and count >= settings.least:
            linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=seed)
            for block in settings.learn:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    block_on(*map(_key, block)), estimate_without_term_frequencies=True
                )
        found = linker.inference.predict(threshold_match_probability=settings.floor, warning_mode="never")
        wanted = ("unique_id_l", "unique_id_r", "match_probability")
        rows = api.duckdb_con.execute(f"SELECT {', '.join(wanted)} FROM {found.physical_name}").fetchnumpy()
    return _pairs(count, *(np.asarray(rows[name]) for name in wanted))


def _pairs(count: int, one: NDArray[Any], other: NDArray[Any], probability: NDArray[Any]) -> Pairs:
    left, right = (ends.astype(np.int64) for ends in (np.minimum(one, other), np.maximum(one, other)))
    order = np.lexsort((right, left))
    inside = np.clip(probability.astype(np.float64), 0.0, 1.0)
    return Pairs(records=count, left=left[order], right=right[order], probability=inside[order])


_TYPES = {Holds.TEXT: pa.string(), Holds.LIST: pa.list_(pa.string()), Holds.WHOLE: pa.int64()}


def _arrays(records: Records, holds: Mapping[str, Holds]) -> dict[str, pa.Array] | None:
    """None when a column mixes kinds: Arrow's own error quotes the value, and must not travel."""
    try:
        return {name: _array(values, holds.get(name, Holds.TEXT)) for name, values in records.items()}
    except (pa.ArrowException, OverflowError, TypeError, UnicodeError):
        return None


def _array(values: Sequence[Any], holds: Holds) -> pa.Array:
    array = pa.array([_told(value) for value in values])
    return array.cast(_TYPES[holds]) if pa.types.is_null(array.type) else array


def _told(value: Any) -> Any:
    """An empty text or list is not known: two of them are not alike."""
    return None if value in ("", []) else value


def _no_pairs(count: int) -> Pairs:
    none = np.empty(0, dtype=np.int64)
    return Pairs(records=count, left=none, right=none, probability=np.empty(0))


def _splink(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for rank, level in enumerate(comparison.levels):
        said: dict[str, Any] = {
            "sql_condition": level.sql,
            "label_for_charts": f"{comparison.name} {rank}",
            "m_probability": level.m,
            "u_probability": level.u,
        }
        if rank == 0 and comparison.frequent:
            said["tf_adjustment_column"] = comparison.columns[0]
        levels.append(said)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _key(key: str) -> str:
    column, _, letters = key.partition(":")
    return f"substr({column}, 1, {letters})" if letters else column


@contextmanager
def _silent_splink() -> Iterator[None]:
    """Splink may say values and statements at its higher levels of logging: none is heard here."""
    logger = logging.getLogger("splink")
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.propagate = propagate
