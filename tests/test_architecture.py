"""What import-linter can't see: purity of the rules, the top level, the docs of the commands."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    *("app.py", "program.toml", "handlers", "bot", "images", "rules", "migrations", "tests"),
    *("requirements.txt", "Procfile", "README.md", "Makefile", "pyproject.toml", "alembic.ini"),
    *(".env.example", ".ci", "CHANGELOG.md", "DECISIONS.md", "docs", ".git", ".gitignore"),
}
RULES_MAY_IMPORT = {"rules", "pydantic", "babel", "regex", *sys.stdlib_module_names}
#: Parts of the standard library that ask the world: clock, chance, system, network, database.
WORLDLY = {
    *("asyncio", "glob", "http", "logging", "multiprocessing", "os", "random", "secrets"),
    *("shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib"),
}
CLOCK_READERS = {"now", "utcnow", "today"}
#: Pydantic's types that compare with the clock.
CLOCK_TYPES = {"PastDate", "FutureDate", "PastDatetime", "FutureDatetime"}


def impurities(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        for module in imported(node):
            top = module.partition(".")[0]
            if top in WORLDLY or top not in RULES_MAY_IMPORT:
                yield f"imports {module}"
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_READERS:
            owner = ast.unparse(node.value).rpartition(".")[2]
            if owner in ("datetime", "date"):
                yield f"reads the clock by {owner}.{node.attr}"
        if isinstance(node, ast.alias) and node.name in CLOCK_TYPES:
            yield f"{node.name} reads the clock"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


@pytest.mark.parametrize("path", sorted((ROOT / "rules").rglob("*.py")), ids=lambda path: path.name)
def test_a_rule_asks_nothing_of_the_world(path: Path) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "from os import environ",
        "import time",
        "import flask.json",
        "from sqlalchemy import select",
        "from bot.clock import Clock",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\nread = datetime.utcnow",
        "from datetime import date\ndate.today()",
        "from pydantic import PastDate",
    ],
)
def test_a_worldly_rule_would_be_seen(source: str) -> None:
    assert list(impurities(source))


def test_what_rules_need_is_allowed() -> None:
    source = """
from datetime import date, datetime, time
from zoneinfo import ZoneInfo
import babel.dates
from pydantic import BaseModel
from .base import Strict
from rules.shop import Shop
later = facts.now + time.min
"""
    assert list(impurities(source)) == []


@pytest.mark.parametrize("package", ["sqlalchemy", "linebot"])
def test_the_wiring_leaves_the_work_to_the_floors_below(package: str) -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    tops = {module.partition(".")[0] for node in ast.walk(tree) for module in imported(node)}
    assert package not in tops


def test_every_package_is_under_the_import_contracts() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "migrations"}
    assert packages == set(config["tool"]["importlinter"]["root_packages"])


def test_the_top_level_stays_small() -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [line.rstrip("/") for line in lines if line and not line.startswith("#")]
    there = {path.name for path in ROOT.iterdir()}
    tracked = {name for name in there if not any(fnmatch(name, pattern) for pattern in ignored)}
    assert tracked <= TOP_LEVEL, f"not at home at the top level: {sorted(tracked - TOP_LEVEL)}"


def make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z-]+):.* ## ", makefile, re.M)


def test_the_makefile_lists_its_targets() -> None:
    assert {"help", "run", "test", "check", "bench"} <= set(make_targets())


def test_the_readme_names_every_make_target() -> None:
    readme = ROOT / "README.md"
    assert readme.is_file(), "README.md is missing: it must name every make target"
    text = readme.read_text(encoding="utf-8")
    missing = {target for target in make_targets() if not re.search(rf"\bmake {target}\b", text)}
    # `make` alone prints the help.
    missing -= {"help"} if "`make`" in text else set()
    assert not missing, f"README.md doesn't name these make targets: {sorted(missing)}"


def test_the_docs_show_every_picture_that_there_is_and_no_other() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name
        for page in pages
        for name in re.findall(r"screens/([\w-]+\.png)", page.read_text("utf-8"))
    }
    assert shown == {picture.name for picture in (ROOT / "docs" / "screens").iterdir()}
