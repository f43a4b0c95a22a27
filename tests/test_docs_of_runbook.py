"""docs/runbook.md says of each alarm, each line of the log that is no good news, each reason of
/readyz and each finding of the doctor what it means and what to type; and of nothing else."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import metrics
from handlers.showing import readiness
from tests.rules.examples import ROOT

TEXT = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
TEXTS = ROOT / "rules" / "wording" / "texts" / "en"
BAD_NEWS = {"warning", "error", "exception", "critical"}
#: In the doctor's texts: what is well, and what is no finding.
WELL = {
    *("database.ready", "programme.in_force", "returns.by", "proxies.seen", "connections.well"),
    *("https.reached", "menu.set", "quota.unlimited", "webhook.on", "backup.fresh", "alarms.set"),
    *("credentials.valid", "credentials.connected"),
}


def part(title: str) -> str:
    """What stands under the heading, with the parts below it."""
    found = re.search(rf"^## {re.escape(title)}.*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, title
    return found.group()


def first_cells(title: str) -> set[str]:
    """What stands in code marks in the first column of the tables of that part."""
    rows = re.findall(r"^\| (.*?) \|", part(title), re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def bad_news(file: Path) -> Iterator[str]:
    """The events that are logged as no good news, and the kinds of `by_itself`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                ast.Attribute(ast.Name("log"), level), [ast.Constant(str(event)), *_]
            ) if level in BAD_NEWS:
                yield event
            case ast.Call(ast.Name("by_itself"), [_, *more]):
                what = more[0] if more else ast.Constant("event")
                assert isinstance(what, ast.Constant)
                yield f"{what.value!s}_failed"
            case _:
                pass


def ends(texts: Mapping[str, Any]) -> Iterator[str]:
    """The keys of texts, of those with two forms without the form."""
    for name, value in texts.items():
        if isinstance(value, str) or value.keys() <= {"one", "other"}:
            yield name
        else:
            yield from (f"{name}.{end}" for end in ends(value))


def texts_of(name: str) -> set[str]:
    texts = tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))[name]
    return {*ends(texts)}


def test_each_line_of_the_log_that_is_no_good_news_has_its_row() -> None:
    files = [ROOT / "app.py", *(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    logged = {event for file in files for event in bad_news(file)}
    assert len(logged) > 50
    assert first_cells("The log") == logged


def test_each_alarm_that_people_are_told_has_its_row() -> None:
    told = {f"alarm.{key}" for key in texts_of("alarm") if key != "title"}
    assert first_cells("Alarms that come to people") - {"PING_URL"} == told


def test_each_finding_of_the_doctor_has_its_row() -> None:
    found = {key for key in texts_of("doctor") if not key.startswith("topic.")}
    assert first_cells("The doctor") == found - WELL
    assert found >= WELL


def test_each_reason_of_readyz_has_its_row() -> None:
    said = part("/readyz")
    names = readiness.NEEDS.keys() | readiness.SIGNS.keys()
    assert set(re.findall(r"^\| `(\w+)`:", said, re.MULTILINE)) == names
    assert readiness.FAILED.partition(";")[0] in said


def test_each_measure_that_is_named_is_one() -> None:
    shown = metrics.metrics_text().decode()
    names = {word.partition("{")[0] for word in first_cells("What Prometheus watches (`/metrics`)")}
    names |= set(re.findall(r"`(\w+)\{?", part("What Prometheus watches")))
    for name in {each for each in names if "_" in each}:
        assert f"# TYPE {name.removesuffix('_total')}" in shown or f"# TYPE {name} " in shown, name
