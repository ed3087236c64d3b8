"""Reads the server's tables by URL with the programs that analysts use, and holds them against each other.

Usage: read.py http://127.0.0.1:8000
"""

import io
import json
import math
import sys
import urllib.request
from datetime import date, datetime

import duckdb
import openpyxl
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet
from duckdb_extensions import import_extension
from pyjstat import pyjstat
from sqlalchemy import create_engine, text

BASE = sys.argv[1]
TEXTS = ["breakdown", "flags", "reason", "org_level"]
DATES = ["period_start", "period_end"]


def fetch(path):
    with urllib.request.urlopen(BASE + path) as answer:
        return answer.read()


def plain(value):
    """A cell as every reader has it: none, text, number, truth, day."""
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def rows_of(columns, rows):
    return [list(columns)] + [[plain(value) for value in row] for row in rows]


def of_pandas(frame):
    return rows_of(frame.columns, frame.itertuples(index=False, name=None))


def days(frame):
    for name in DATES:
        frame[name] = pandas.to_datetime(frame[name])
    return frame


def of_polars(frame):
    return rows_of(frame.columns, frame.rows())


def of_arrow(table):
    return rows_of(table.column_names, zip(*[column.to_pylist() for column in table.columns]))


def of_duckdb(relation):
    return rows_of(relation.columns, relation.fetchall())


def of_openpyxl(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["数据", "说明"], book.sheetnames
    sheet = book["数据"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    rows = list(sheet.iter_rows(values_only=True))
    head = [cell for cell in sheet[2]]
    assert any("yyyy" in cell.number_format for cell in head)
    return rows_of(rows[0], rows[1:])


def readers(query):
    at = lambda form: f"{BASE}/export/observations.{form}?{query}"
    get = lambda form: fetch(f"/export/observations.{form}?{query}")
    words = {name: "string" for name in TEXTS}
    sql = duckdb.connect()
    import_extension("httpfs", con=sql)
    sql.execute("LOAD httpfs")
    yield "pyarrow parquet", lambda: of_arrow(pyarrow.parquet.read_table(io.BytesIO(get("parquet"))))
    yield "pyarrow arrow", lambda: of_arrow(pyarrow.ipc.open_stream(get("arrow")).read_all())
    yield "pyarrow csv", lambda: of_arrow(
        pyarrow.csv.read_csv(
            io.BytesIO(get("csv")),
            convert_options=pyarrow.csv.ConvertOptions(
                strings_can_be_null=True, column_types={name: pyarrow.string() for name in TEXTS}
            ),
        )
    )
    yield "pandas csv", lambda: of_pandas(pandas.read_csv(at("csv"), dtype=words, parse_dates=DATES))
    yield "pandas json", lambda: of_pandas(days(pandas.read_json(at("json"), dtype=words)))
    yield "pandas xlsx", lambda: of_pandas(pandas.read_excel(at("xlsx"), dtype=words))
    yield "pandas parquet", lambda: of_pandas(pandas.read_parquet(at("parquet")))
    # Its categories are the words of the file, and it takes none of them twice.
    yield "pandas arrow", lambda: of_pandas(pyarrow.ipc.open_stream(get("arrow")).read_all().to_pandas())
    yield "polars parquet", lambda: of_polars(polars.read_parquet(io.BytesIO(get("parquet"))))
    yield "polars parquet in parts", lambda: of_polars(polars.scan_parquet(at("parquet")).collect())
    yield "polars csv", lambda: of_polars(
        polars.read_csv(at("csv"), try_parse_dates=True, infer_schema_length=None, schema_overrides={name: polars.String for name in TEXTS})
    )
    yield "polars arrow", lambda: of_polars(polars.read_ipc_stream(get("arrow")))
    yield "polars json", lambda: of_polars(
        polars.read_json(get("json"), infer_schema_length=None).with_columns(
            polars.col(name).str.to_date() for name in DATES
        )
    )
    yield "duckdb parquet", lambda: of_duckdb(sql.sql(f"FROM read_parquet('{at('parquet')}')"))
    yield "duckdb csv", lambda: of_duckdb(
        sql.sql(f"FROM read_csv('{at('csv')}', types={{{', '.join(f'{name!r}: {chr(39)}VARCHAR{chr(39)}' for name in TEXTS)}}})")
    )
    yield "duckdb json", lambda: of_duckdb(sql.sql(f"FROM read_json('{at('json')}', sample_size=-1)"))
    yield "openpyxl", lambda: of_openpyxl(get("xlsx"))
    yield "json", lambda: (lambda all: rows_of(all[0].keys(), (row.values() for row in all)))(json.loads(get("json")))


def same(name, wanted, found):
    assert found[0] == wanted[0], f"{name}: columns {found[0]}"
    assert len(found) == len(wanted), f"{name}: {len(found)} rows and not {len(wanted)}"
    for line, (left, right) in enumerate(zip(wanted, found)):
        for column, one, other in zip(wanted[0], left, right):
            is_same = one == other or (one == 0 and other == 0)
            assert is_same, f"{name}: row {line}, {column}: {other!r} and not {one!r}"
    print("ok", name, len(found) - 1)


def types():
    table = pyarrow.parquet.read_table(io.BytesIO(fetch("/export/observations.parquet")))
    kinds = {field.name: field.type for field in table.schema}
    assert pyarrow.types.is_date32(kinds["period_start"])
    assert pyarrow.types.is_dictionary(kinds["indicator"]) and kinds["indicator"].value_type == pyarrow.string()
    assert pyarrow.types.is_float64(kinds["value"]) and pyarrow.types.is_boolean(kinds["is_total"])
    assert table.schema.metadata[b"as_of"] and table.schema.metadata[b"rounding"]
    rate = [row for row in table.to_pylist() if row["unit"] == "%" and row["value"]]
    assert rate and all(0 <= row["value"] <= 1000 for row in rate) and max(row["value"] for row in rate) > 1
    print("ok types")


def cube():
    path = "/export/observations.jsonstat?totals=1"
    frame = pyjstat.Dataset.read(BASE + path).write("dataframe", naming="id")
    rows = [row for row in json.loads(fetch("/export/observations.json?totals=1"))]
    found = {
        (row.indicator, row.org, row.period, row.breakdown): row.value
        for row in frame[frame.measure == "value"].itertuples()
        if row.value is not None and not math.isnan(row.value)
    }
    wanted = {
        (row["indicator"], row["org"], row["period"], row["breakdown"] or "_T"): float(row["value"])
        for row in rows
        if row["value"] is not None
    }
    assert found == wanted, (len(found), len(wanted))
    print("ok pyjstat", len(found))


def dialect():
    host = BASE.removeprefix("http://")
    engine = create_engine(f"graphql://{host}/graphql?is_https=0")
    rows = json.loads(fetch("/export/observations.json"))
    with engine.connect() as connection:
        table = '"observationRows?iarg_first=40"'
        select = lambda what: connection.execute(text(f"SELECT {what} FROM {table}")).fetchall()
        found = select("indicator, org, period, value, periodStart, isTotal")
        wanted = [(row["indicator"], row["org"], row["period"], row["value"]) for row in rows]
        assert [tuple(row)[:4] for row in found] == wanted, (len(found), len(wanted))
        assert found[0][4] == date.fromisoformat(rows[0]["period_start"]), found[0]
        print("ok dialect pages to the end", len(found))
        one = connection.execute(
            text('SELECT value FROM "observationRows" WHERE indicator = :code AND value > 100'),
            {"code": "petition_received_count"},
        ).fetchall()
        assert [tuple(row) for row in one] == [(720.0,)], one
        print("ok dialect filters")
        argued = connection.execute(
            text('SELECT COUNT(*) FROM "observationRows?arg_indicator=petition_received_count&arg_level=STREET"')
        ).scalar()
        wanted = [row for row in rows if row["indicator"] == "petition_received_count"]
        assert argued == len(wanted), (argued, len(wanted))
        print("ok dialect passes arguments on")


def comparison():
    at = f"{BASE}/export/comparison"
    query = "period=2021&level=STREET"
    frame = pandas.read_csv(f"{at}.csv?{query}")
    other = pandas.read_parquet(f"{at}.parquet?{query}")
    assert list(frame.columns) == list(other.columns) and len(frame) == len(other) > 0
    for name in ["value", "base_value", "absolute", "percent", "percentage_points"]:
        left, right = frame[name].astype(float), other[name]
        assert ((left == right) | (left.isna() & right.isna())).all(), name
    print("ok comparison", len(frame))


def main():
    for query in ["", "totals=1"]:
        wanted = None
        for name, read in readers(query):
            found = read()
            wanted = wanted or found
            same(f"{name} {query}", wanted, found)
    types()
    cube()
    comparison()
    dialect()
    print("all readers agree")


main()
