"""The pinned Ibis, DuckDB and sqlglot still agree: each call below broke with some newer pair of them."""

import ibis
import pyarrow as pa


def test_the_pinned_engine_answers_every_call_the_store_relies_on():
    con = ibis.duckdb.connect()
    cells = con.create_table("cells", pa.table({"year": [2024, 2025], "persons": [3, 12]}))
    assert con.list_tables() == ["cells"]
    assert con.sql("SELECT sum(persons) AS n FROM cells").to_pyarrow()["n"].to_pylist() == [15]
    assert sum(batch.num_rows for batch in cells.to_pyarrow_batches()) == 2
    with cells.filter(cells.year == 2025).cache() as cached:
        assert cached.persons.sum().to_pyarrow().as_py() == 12
    con.drop_table("cells")
    assert con.list_tables() == []
    con.disconnect()
