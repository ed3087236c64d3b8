"""Copies the rows of ours.parquet with DuckDB, from a table of its own, and prints the seconds by form."""

import json
import pathlib
import sys
import time

import duckdb

folder = pathlib.Path(sys.argv[1])
sql = duckdb.connect()
sql.execute(f"CREATE TABLE rows AS FROM read_parquet('{folder}/ours.parquet')")
seconds = {}
for form in ["csv", "parquet"]:
    start = time.monotonic()
    sql.execute(f"COPY rows TO '{folder}/theirs.{form}' (FORMAT {form})")
    seconds[form] = time.monotonic() - start
print(json.dumps(seconds))
