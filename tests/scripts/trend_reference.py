#!/usr/bin/env python3
"""Writes analytics/src/trend_reference.csv: trend statistics by an independent implementation (pymannkendall, numpy).

    python3 -m venv venv && venv/bin/pip install pymannkendall numpy && venv/bin/python tests/scripts/trend_reference.py

Deterministic: the same versions write the same file. A hole in a series is written as x.
"""

import pathlib
import random

import numpy
import pymannkendall

random.seed(20211227)


def any_series():
    yield [9, 12, 14, 11, 18]
    yield [97.5, 98.0, 98.0, 97.0, 99.1, 99.1]
    yield [5, 5, 5, 6]
    yield [10, 8, 7, 7, 3, 2, 2, 1]
    for length in (4, 5, 7, 12, 24, 60):
        yield [random.randint(0, 8) for _ in range(length)]
        yield [round(random.gauss(50, 10) + place, 2) for place in range(length)]
        yield [None if place not in (0, 1, 2, length - 1) and random.random() < 0.3 else random.randint(0, 40) for place in range(length)]


lines = ["series,slope,intercept,s,tau,p"]
for series in any_series():
    values = numpy.array([numpy.nan if value is None else float(value) for value in series])
    if (~numpy.isnan(values)).sum() < 4:
        continue
    result = pymannkendall.original_test(values)
    cells = ["x" if value is None else repr(value) for value in series]
    numbers = [result.slope, result.intercept, result.s, result.Tau, result.p]
    lines.append(" ".join(cells) + "," + ",".join(repr(float(number)) for number in numbers))

target = pathlib.Path(__file__).resolve().parents[2] / "analytics/src/trend_reference.csv"
target.write_text("\n".join(lines) + "\n", encoding="utf-8")
