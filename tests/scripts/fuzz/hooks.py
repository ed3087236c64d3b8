"""What schemathesis must know of the server: its scalars, codes that exist, and what counts as a fault of the server."""

import re
import zlib

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

PERIODS = ["2019", "2020", "2021", "2024", "2025", "2021-S1", "2021-Q3", "2021-09", "2021-01/2021-09", "2018-07/2019-06"]
INDICATORS = [
    "petition_received_count",
    "petition_resolution_rate",
    "court_admin_cases_received",
    "admin_litigation_count",
    "law_exam_participation_rate",
]
ORGS = ["shenzhen-luohu-sungang", "shenzhen-luohu", "shenzhen-longhua-guanhu", "shenzhen", "qingdao-courts"]
TIMES = ["2026-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2021-02-29T00:00:00Z"]

# Codes of errors that the caller has made; every other one is a fault of the server.
CALLERS = {
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "NOT_FOUND",
    "CONFLICT",
    "FORBIDDEN",
    "UNAUTHENTICATED",
    "LIMIT_EXCEEDED",
}

schemathesis.graphql.scalar("Period", st.one_of(st.sampled_from(PERIODS), st.text(max_size=20)).map(nodes.String))
schemathesis.graphql.scalar("DateTime", st.one_of(st.sampled_from(TIMES), st.text(max_size=20)).map(nodes.String))
schemathesis.graphql.scalar("Date", st.one_of(st.dates().map(str), st.text(max_size=12)).map(nodes.String))
schemathesis.graphql.scalar("Upload", st.just("0").map(nodes.String))

TEXT = r'"(?:[^"\\]|\\.)*"'


@schemathesis.hook
def map_body(context, body):
    """Random texts name nothing: in three queries of four, codes that exist take their places, so that the question gets as far as the numbers."""
    if not isinstance(body, str) or zlib.crc32(body.encode("utf-8", "replace")) % 4 == 0:
        return body

    def some(codes):
        return lambda found: f'{found.group(1)}"{codes[zlib.crc32(found.group(0).encode("utf-8", "replace")) % len(codes)]}"'

    def listed(codes):
        return lambda found: f'{found.group(1)}"{codes[zlib.crc32(found.group(0).encode("utf-8", "replace")) % len(codes)]}"]'

    many = rf"\[(?:[^\]\"]|{TEXT})*\]"
    body = re.sub(rf"(indicators:\s*\{{[^{{}}]*?codes:\s*){many}", lambda it: listed(INDICATORS)(it).replace('"', '["', 1), body)
    body = re.sub(rf"(orgs:\s*\{{[^{{}}]*?codes:\s*){many}", lambda it: listed(ORGS)(it).replace('"', '["', 1), body)
    body = re.sub(rf"(within:\s*|\borg:\s*|code:\s*){TEXT}", some(ORGS), body)
    body = re.sub(rf"(theme:\s*){TEXT}", some(["disputes", "decisions", "enforcement"]), body)
    body = re.sub(rf"((?:after|before|parent|group):\s*){TEXT}", r"\1null", body)
    body = re.sub(r"\blast:\s*-?\d+", "last: null", body)
    return re.sub(r"\bfirst:\s*-?(\d+)", lambda it: f"first: {int(it.group(1)) % 400}", body)


@schemathesis.check
def no_fault_of_the_server(ctx, response, case):
    """Whatever is asked: no 5xx, JSON, and only codes that say what the caller did."""
    assert response.status_code < 500, f"status {response.status_code}"
    payload = response.json()
    for error in payload.get("errors", []):
        code = error.get("extensions", {}).get("code")
        assert code in CALLERS, f"{code}: {error}"
    assert response.elapsed < 10, f"{response.elapsed} s"
