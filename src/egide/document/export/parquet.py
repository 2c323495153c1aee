"""The data as Parquet: typed columns, and in the file itself what it is, whose it is and under which licence."""

from __future__ import annotations

from io import BytesIO

from egide.document.dataset import Dataset
from egide.document.dataset_columns import Type
from egide.document.export.csv_file import csv_bytes


def parquet_bytes(dataset: Dataset) -> bytes:
    """Same rows and columns as the CSV, since it is made from it: numbers, days and texts have their types.

    The bytes depend on the dataset and on the version of pyarrow alone.
    """
    # Not at the top: a page is built without it. Not from lists either: pyarrow would then load pandas.
    import pyarrow as pa
    from pyarrow import csv, parquet

    types = {Type.TEXT: pa.string(), Type.NUMBER: pa.float64(), Type.DAY: pa.date32()}
    fields = [
        pa.field(
            column.name,
            types[column.type],
            nullable=column.type is not Type.TEXT and not column.required,
            metadata={"title": column.title, "description": column.description},
        )
        for column in dataset.columns
    ]
    table = csv.read_csv(
        BytesIO(csv_bytes(dataset)),
        read_options=csv.ReadOptions(use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types={one.name: one.type for one in fields}, null_values=[""]),
    )
    out = BytesIO()
    parquet.write_table(table.cast(pa.schema(fields, metadata=_metadata(dataset))), out, compression="zstd")
    return out.getvalue()


def _metadata(dataset: Dataset) -> dict[str, str]:
    return {
        "title": dataset.title,
        "description": dataset.description,
        "publisher": dataset.publisher,
        "licence": f"{dataset.licence.title} <{dataset.licence.address}>",
        "sources": "; ".join(source.label for source in dataset.sources),
        "published_on": dataset.published_on.isoformat(),
        "known_on": dataset.known_on.isoformat(),
        "language": dataset.language,
    }
