"""Reads the files of an evaluation with readers that are not ours, and holds that all of them say the same.

    read.py FOLDER NAME      reads NAME.json, NAME.csv, NAME.xlsx, NAME.report.docx and NAME.notice.docx
"""

import csv
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import docx
import openpyxl
from openpyxl.utils import range_boundaries

ADJUSTMENTS = {"BONUS", "PENALTY", "VETO"}
checked = 0


def same(found, expected, where):
    """The two are the same, and of the same kind."""
    global checked
    checked += 1
    if found != expected or (found is None) != (expected is None):
        sys.exit(f"{where}: {found!r} is not {expected!r}")


def number(text):
    return None if text is None else float(Decimal(text))


def is_number(cell, expected, where, number_format=None):
    """A cell holds this number as a number, with a format; nothing where there is none."""
    if expected is None:
        same(cell.value, None, where)
        return
    same(cell.data_type, "n", f"{where}: kind of {cell.coordinate}")
    if abs(float(cell.value) - number(expected)) > 1e-12 * max(1, abs(number(expected))):
        sys.exit(f"{where}: {cell.coordinate} is {cell.value!r}, not {expected!r}")
    same(cell.number_format != "General", True, f"{where}: format of {cell.coordinate}")
    if number_format:
        same(cell.number_format, number_format, f"{where}: format of {cell.coordinate}")


def minus(one, other):
    return None if one is None or other is None else str(Decimal(one) - Decimal(other))


def rounded(text, decimals):
    if text is None:
        return "—"
    told = Decimal(text).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{told:.{decimals}f}".replace("-", "−")


def signed(text, decimals):
    if text is None:
        return "—"
    told = rounded(text, decimals)
    return told if told.startswith("−") or not told.strip("0.") else f"+{told}"


def neutral(text):
    """The text that a CSV cell stands for."""
    return text[1:] if text.startswith("'") and text[1:2] in "=+-@" else text


def ordered(evaluation):
    """The units by track, those with a place first."""
    tracks = [track["code"] for track in evaluation["framework"]["tracks"]]

    def key(unit):
        rank = unit["now"]["rank"]
        return tracks.index(unit["track"]), rank is None, rank or 0

    return sorted(evaluation["units"], key=key)


def groups(evaluation):
    nodes = evaluation["nodes"]
    found = []
    for place, node in enumerate(nodes):
        if node["rule"] is None and node["parent"] is None:
            leaves = [at for at, leaf in enumerate(nodes) if leaf["parent"] == node["code"]]
            found.append((place, node["name"]["zh"], leaves))
    beside = [at for at, node in enumerate(nodes) if node["rule"] in ADJUSTMENTS]
    if beside:
        found.append((None, "加减分与否决", beside))
    return found


def check_csv(path, dossier):
    evaluation = dossier["evaluation"]
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    same(len(rows), len(evaluation["units"]) * (len(evaluation["nodes"]) + 1), "rows of the CSV")
    rows = iter(rows)
    for unit in evaluation["units"]:
        for label, node in zip(evaluation["nodes"], unit["nodes"]):
            row, where = next(rows), f"CSV {unit['org']} {label['code']}"
            before = node["previous"] or {"points": None, "known": {"value": None}}
            known = node["known"]
            marks = {mark["stage"]: mark["points"] for mark in node["marks"]}
            for column, expected in {
                "full": node["full"],
                "weight": node["weight"],
                "points": node["points"],
                "value": known["value"],
                "used": node["used"],
                "target": known["target"],
                "numerator": known["numerator"],
                "denominator": known["denominator"],
                "previous_points": before["points"],
                "previous_value": before["known"]["value"],
                "self_score": marks.get("SELF_SCORE"),
                "review_score": marks.get("REVIEW"),
                "final_score": marks.get("FINAL"),
            }.items():
                same(row[column], expected or "", f"{where} {column}")
            change = minus(node["points"], before["points"])
            same(row["change"] == "", change is None, f"{where} change")
            if change is not None:
                same(Decimal(row["change"]), Decimal(change), f"{where} change")
            same(neutral(row["org_name"]), unit["name"]["zh"], f"{where} org_name")
            same(row["outcome"], node["outcome"] or "", f"{where} outcome")
            same(row["flags"], "|".join(known["flags"]), f"{where} flags")
        row, now, where = next(rows), unit["now"], f"CSV {unit['org']} total"
        before = unit["previous"] or {"published": None, "total": None, "rank": None}
        same(row["level"], "total", where)
        for column, expected in {
            "points": now["total"],
            "published": now["published"],
            "previous_published": before["published"],
            "bonus": now["bonus"],
            "penalty": now["penalty"],
            "coverage": now["coverage"],
            "lowest": now["lowest"],
        }.items():
            same(row[column], expected or "", f"{where} {column}")
        same(row["rank"], "" if now["rank"] is None else str(now["rank"]), f"{where} rank")
        same(row["grade"], now["grade"] or "", f"{where} grade")
        same(row["hash"], dossier["run"]["hash"] if dossier["run"] else "", f"{where} hash")


def check_page(sheet, frozen):
    where = f"sheet {sheet.title}"
    same(sheet.freeze_panes, frozen, f"{where}: frozen")
    same(sheet.page_setup.paperSize, 9, f"{where}: A4")
    same(sheet.page_setup.orientation, "landscape", f"{where}: across")
    same(bool(sheet.print_title_rows), True, f"{where}: head on every page")
    same("&P" in sheet.oddFooter.center.text or "&[Page]" in sheet.oddFooter.center.text, True, f"{where}: page number")


def cells(book, reference):
    name, area = reference.rsplit("!", 1)
    sheet = book[name.strip("'").replace("''", "'")]
    left, top, right, bottom = range_boundaries(area)
    return [sheet.cell(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def series(book, chart):
    """Of each series the cells of its name, its categories and its numbers."""
    for one in chart.series:
        text = one.cat.strRef or one.cat.numRef
        yield cells(book, one.tx.strRef.f)[0], cells(book, text.f), cells(book, one.val.numRef.f)


def check_summary(book, dossier):
    evaluation = dossier["evaluation"]
    sheet, units = book["汇总"], ordered(evaluation)
    check_page(sheet, "C4")
    heads = {cell.value: cell.column for cell in sheet[3]}
    decimals = evaluation["framework"]["decimals"]
    dimensions = [(place, name) for place, name, _ in groups(evaluation) if place is not None]
    for line, unit in enumerate(units, 4):
        where, now = f"汇总 {unit['org']}", unit["now"]
        before = unit["previous"] or {"published": None, "rank": None}
        at = lambda head: sheet.cell(line, heads[head])
        same(at("单位").value, unit["name"]["zh"], where)
        same(at("单位").data_type, "s", f"{where}: a name is no formula")
        is_number(at("名次"), now["rank"], where)
        is_number(at("总分"), now["published"], where, "#,##0." + "0" * decimals)
        is_number(at("上年总分"), before["published"], where)
        is_number(at("较上年"), minus(now["published"], before["published"]), where)
        is_number(at("上年名次"), before["rank"], where)
        is_number(at("名次区间（差）"), unit["interval"] and unit["interval"]["worst"], where)
        is_number(at("数据覆盖率"), now["coverage"], where, "0.0%")
        is_number(at("加分"), now["bonus"], where)
        is_number(at("扣分"), now["penalty"], where)
        for place, name in dimensions:
            is_number(at(name), unit["nodes"][place]["points"], f"{where} {name}")
    same(sheet.cell(4 + len(units), 2).value, None, "汇总: no more rows")
    for track in evaluation["framework"]["tracks"]:
        inside = [unit for unit in units if unit["track"] == track["code"]]
        if not inside:
            continue
        charts = book[f"汇总图（{track['name']['zh']}）"]._charts
        same(len(charts), 2 if len(dimensions) > 1 else 1, f"charts of {track['code']}")
        for chart, wanted in zip(charts, [["总分"], [name for _, name in dimensions]]):
            found = list(series(book, chart))
            same([name.value for name, _, _ in found], wanted, "names of a chart's series")
            for name, labels, numbers in found:
                same([cell.value for cell in labels], [unit["name"]["zh"] for unit in inside], "names in a chart")
                same({cell.column for cell in numbers}, {heads[name.value]}, "column of a chart")
                same([cell.row for cell in numbers], [cell.row for cell in labels], "rows of a chart")


def check_dimensions(book, dossier):
    evaluation = dossier["evaluation"]
    units = ordered(evaluation)
    for place, name, leaves in groups(evaluation):
        sheet = book[name]
        check_page(sheet, "C4")
        for line, unit in enumerate(units, 4):
            where = f"{name} {unit['org']}"
            same(sheet.cell(line, 2).value, unit["name"]["zh"], where)
            if place is not None:
                is_number(sheet.cell(line, 4), unit["nodes"][place]["points"], where)
            for at, leaf in enumerate(leaves):
                label, node, first = evaluation["nodes"][leaf], unit["nodes"][leaf], 6 + 4 * at
                same(sheet.cell(2, first).value.startswith(label["name"]["zh"]), True, f"{where}: head of {label['code']}")
                is_number(sheet.cell(line, first), node["points"], where)
                is_number(sheet.cell(line, first + 1), node["full"], where)
                is_number(sheet.cell(line, first + 2), node["known"]["value"], where)
                if label["unit"] and node["known"]["value"] is not None:
                    format = sheet.cell(line, first + 2).number_format
                    same(f'"{label["unit"]["zh"]}"' in format, True, f"{where}: unit in {format}")
        tracks = [track for track in evaluation["framework"]["tracks"] if any(unit["track"] == track["code"] for unit in units)]
        same(len(sheet._charts), len(tracks), f"{name}: charts")
        for chart, track in zip(sheet._charts, tracks):
            inside = [unit["name"]["zh"] for unit in units if unit["track"] == track["code"]]
            for _, labels, numbers in series(book, chart):
                same([cell.value for cell in labels], inside, f"{name}: names in the chart")
                same([cell.row for cell in numbers], [cell.row for cell in labels], f"{name}: rows of the chart")


def check_cards(book, dossier):
    evaluation = dossier["evaluation"]
    units = ordered(evaluation)
    fixed = 1 + len({unit["track"] for unit in units}) + len(groups(evaluation))
    names = book.sheetnames
    same(len(names), fixed + len(units) + 2, "sheets")
    for name in names:
        same(len(name.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\]", name), True, f"name {name}")
    same(len({name.lower() for name in names}), len(names), "names are unique")
    readings = {unit["org"]: reading for unit, reading in zip(evaluation["units"], dossier["readings"])}
    for name, unit in zip(names[fixed:], units):
        sheet, where = book[name], f"card {unit['org']}"
        check_page(sheet, "B8")
        heads = {cell.value: cell.column for cell in sheet[7]}
        for line, (label, node) in enumerate(zip(evaluation["nodes"], unit["nodes"]), 8):
            at = lambda head: sheet.cell(line, heads[head])
            same(at("指标").value, label["name"]["zh"], where)
            before = node["previous"] or {"points": None}
            marks = {mark["stage"]: mark["points"] for mark in node["marks"]}
            for head, expected in {
                "满分": node["full"],
                "折算满分": node["weight"],
                "得分": node["points"],
                "上年得分": before["points"],
                "增减": minus(node["points"], before["points"]),
                "自评分": marks.get("SELF_SCORE"),
                "审核分": marks.get("REVIEW"),
                "核定分": marks.get("FINAL"),
            }.items():
                is_number(at(head), expected, f"{where} {head}")
            if label["rule"] is not None:
                is_number(at("数值"), node["known"]["value"], where)
                is_number(at("目标"), node["known"]["target"], where)
        check_below(book, sheet, unit, readings[unit["org"]])


def check_below(book, sheet, unit, reading):
    """The marks with their moments, and the waterfall with its chart."""
    moments = [mark["at"] for node in unit["nodes"] for mark in node["marks"]]
    there = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, datetime)]
    beijing = timezone(timedelta(hours=8))
    told = [datetime.fromisoformat(moment).astimezone(beijing).replace(tzinfo=None, microsecond=0) for moment in moments]
    same([cell.value for cell in there], told, f"{sheet.title}: moments")
    since = reading["since"]
    same(len(sheet._charts), 1 if since else 0, f"{sheet.title}: charts")
    if not since:
        return
    found = list(series(book, sheet._charts[0]))
    same([name.value for name, _, _ in found], ["起点", "增加", "减少", "得分"], f"{sheet.title}: waterfall")
    foot, gained, lost, ends = [[Decimal(str(cell.value)) for cell in numbers] for _, _, numbers in found]
    same(len(foot), len(since["steps"]) + 2, f"{sheet.title}: columns of the waterfall")
    near = lambda one, other: abs(one - Decimal(other)) < Decimal("1e-9")
    same(near(ends[0], since["from"]) and near(ends[-1], since["to"]), True, f"{sheet.title}: ends")
    height = ends[0]
    for bottom, up, down in list(zip(foot, gained, lost))[1:-1]:
        after = height + up - down
        same(near(bottom, min(height, after)), True, f"{sheet.title}: a column meets the one before it")
        height = after


def check_about(book, dossier):
    evaluation = dossier["evaluation"]
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    same(facts["方案版本"], evaluation["framework"]["version"], "说明")
    same(facts["数据截止时点（原值）"], evaluation["as_of"], "说明")
    same(facts["随机种子"], str(evaluation["seed"]), "说明: a seed is too long for a number")
    if dossier["run"]:
        same(facts["封存校验值"], dossier["run"]["hash"], "说明")
    rows = list(book["问题与任务"].iter_rows(min_row=2))
    same([row[4].value for row in rows if row[4].value], [row["title"] for row in dossier["rectifications"]], "问题与任务")
    for row, item in zip(rows, dossier["rectifications"]):
        if item["due"]:
            same(row[8].value, datetime.strptime(item["due"], "%Y-%m"), "a month is a date")


def table(document, title):
    """The rows of the table under a title."""
    from docx.table import Table

    elements = list(document.element.body)
    for place, element in enumerate(elements):
        text = "".join(part.text or "" for part in element.iter() if part.tag.endswith("}t"))
        if element.tag.endswith("}p") and text.endswith(title):
            return [[cell.text for cell in row.cells] for row in Table(elements[place + 1], document).rows]
    sys.exit(f"no table {title}")


def check_report(path, dossier, report):
    document = docx.Document(path)
    heads = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    same(
        heads,
        [
            "一、主要举措和成效",
            "二、存在的不足和原因",
            "三、党政主要负责人履行推进法治建设第一责任人职责情况",
            "四、下一年度推进法治政府建设的主要安排",
            "五、其他需要报告的情况",
        ],
        "parts of the report",
    )
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for theme in report["themes"]:
        for paragraph in theme["paragraphs"]:
            same(paragraph in text, True, f"report: {paragraph}")
        rows = table(document, f"{theme['name']}主要数据")[1:]
        same(len(rows), len(theme["rows"]), theme["name"])
        for cells, row in zip(rows, theme["rows"]):
            told = lambda value: f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-row['decimals']), ROUND_HALF_UP):,}"
            current = told(row["current"]) if row["current"] is not None else row["absent"]
            base = told(row["base"]) if row["base"] is not None else "—"
            same(cells[:5], [row["indicator"], row["unit"], current, base, row["change"]], theme["name"])
    for item in dossier["rectifications"]:
        same(item["title"] in text, True, item["title"])
    if dossier["run"]:
        same(dossier["run"]["hash"] in text, True, "hash in the report")
    same(dossier["evaluation"]["as_of"] in text, True, "asOf in the report")
    section = document.sections[0]
    same([round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)], [37, 35, 28, 26], "margins")
    same("PAGE" in section.footer._element.xml, True, "page number")
    pictures = [part for part in document.part.package.iter_parts() if part.partname.endswith(".emf")]
    same(len(document.inline_shapes), len(pictures), "pictures")
    for picture in pictures:
        same(picture.blob[40:44], b" EMF", "a picture is a metafile")
    own = next((unit for unit in dossier["evaluation"]["units"] if unit["org"] == report["org"]), None)
    if own:
        check_own(document, dossier["evaluation"], own)


def check_own(document, evaluation, unit):
    decimals = max(2, evaluation["framework"]["decimals"])
    rows = table(document, f"{unit['name']['zh']}考评得分")[1:]
    for cells, label, node in zip(rows, evaluation["nodes"], unit["nodes"], strict=True):
        before = (node["previous"] or {"points": None})["points"]
        same(
            [cells[0].strip("　"), *cells[1:5]],
            [
                label["name"]["zh"],
                rounded(node["full"], decimals),
                rounded(node["points"], decimals),
                rounded(before, decimals),
                signed(minus(node["points"], before), decimals),
            ],
            f"document {label['code']}",
        )


def check_notice(path, dossier):
    document = docx.Document(path)
    evaluation = dossier["evaluation"]
    if len(evaluation["units"]) == 1:
        check_own(document, evaluation, evaluation["units"][0])
        return
    decimals = evaluation["framework"]["decimals"]
    for track in evaluation["framework"]["tracks"]:
        inside = [unit for unit in ordered(evaluation) if unit["track"] == track["code"]]
        if not inside:
            continue
        rows = table(document, f"{track['name']['zh']}考评结果")[1:]
        for cells, unit in zip(rows, inside, strict=True):
            now, before = unit["now"], (unit["previous"] or {"published": None})["published"]
            rank = "—" if now["rank"] is None else f"{now['rank']}{'（并列）' if now['tied'] else ''}"
            same(
                [*cells[:3], *cells[4:7]],
                [
                    rank,
                    unit["name"]["zh"],
                    rounded(now["published"], decimals),
                    f"{rounded(str(Decimal(now['coverage']) * 100), 0)}%",
                    rounded(before, decimals),
                    signed(minus(now["published"], before), decimals),
                ],
                f"notice {unit['org']}",
            )


def main(folder, name):
    folder = Path(folder)
    dossier = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    check_csv(folder / f"{name}.csv", dossier)
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    check_summary(book, dossier)
    check_dimensions(book, dossier)
    check_cards(book, dossier)
    check_about(book, dossier)
    check_report(folder / f"{name}.report.docx", dossier, report)
    check_notice(folder / f"{name}.notice.docx", dossier)
    print(f"{name}: {checked} values are the same in all files")


main(*sys.argv[1:])
