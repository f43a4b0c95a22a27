"""What import-linter can't see: purity of the rules, how large rooms, files and functions are, that
a name stands for one thing, the top level, the docs of the commands."""

import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    *("app.py", "program.toml", "handlers", "bot", "images", "rules", "migrations", "tests"),
    *("requirements.txt", "Procfile", "README.md", "Makefile", "pyproject.toml", "alembic.ini"),
    *(
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE",
        "THIRD_PARTY.md",
        ".env.example",
        ".ci",
        "CHANGELOG.md",
        "DECISIONS.md",
        "docs",
        ".git",
        ".gitignore",
    ),
    *("requirements.in", "Dockerfile", ".dockerignore", "compose.yaml", "deploy"),
}
RULES_MAY_IMPORT = {"rules", "pydantic", "babel", "regex", *sys.stdlib_module_names}
#: Parts of the standard library that ask the world: clock, chance, system, network, database.
WORLDLY = {
    *("asyncio", "glob", "http", "logging", "multiprocessing", "os", "random", "secrets"),
    *("shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib"),
}
#: The floors, from above; each is one root package.
FLOORS = ("handlers", "bot", "images", "rules")
FILE_LINES_MAX, FUNCTION_LINES_MAX, ROOM_FILES_MAX, PARAMETERS_MAX = 400, 60, 18, 4
#: Where rooms are kept small …
ROOMY = (
    *("rules", "bot/store", "handlers/actions", "handlers/pages", "handlers/jobs"),
    "handlers/commands",
)
#: … but for those in which each file is another of the same kind.
LISTS_OF_LIKE_THINGS = {"rules/journeys/kinds", "rules/wording/texts/ja", "rules/wording/texts/en"}
#: The club's own base, and those of what knows nothing of the club.
BASES_OF_EXCEPTIONS = {"Impossible", "KayoiError", "SimulatorError", "UnusableArt"}
BUILT_IN_ERRORS = {"Exception", "ValueError", "RuntimeError", "LookupError", "TypeError"}
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


@dataclass(frozen=True)
class Module:
    """One Python file of the project, read."""

    #: Dotted, as it is imported.
    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder it stands in, from the root."""
        return self.path.parent.relative_to(ROOT).as_posix()

    def imports(self, known: Mapping[str, "Module"]) -> set[str]:
        """The modules of this project that it imports, wherever in it."""
        package = self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                up = package.split(".")[: -node.level + 1 or None] if node.level else []
                whence = ".".join([*up, *([node.module] if node.module else [])])
                names = {f"{whence}.{alias.name}" for alias in node.names}
                found |= (names & known.keys()) or {whence}
        return (found & known.keys()) - {self.name}


@cache
def modules() -> Mapping[str, Module]:
    """Every module of the floors, by its name."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Names of which each imports the next, and the last is the first; none where there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules()
    assert circle({name: module.imports(known) for name, module in known.items()}) == []


def test_a_circle_would_be_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) in (["b", "c", "b"], ["c", "b", "c"])


def scripts() -> list[Path]:
    """The pages' JavaScript of our own."""
    tracked = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.js")]
    return sorted(path for path in tracked if "vendor" not in path.parts)


def test_no_scripts_import_each_other_in_a_circle() -> None:
    edges = {
        str(path): {
            str((path.parent / name).resolve())
            for name in re.findall(r"""from "(\.[^"]+)";""", path.read_text(encoding="utf-8"))
        }
        for path in scripts()
    }
    assert any(edges.values())
    assert circle(edges) == []


def test_no_room_is_too_full_to_look_round_in() -> None:
    full = Counter(
        module.room
        for module in modules().values()
        if module.path.stem != "__init__" and module.room.startswith(ROOMY)
    )
    assert {
        room: count
        for room, count in full.items()
        if count > ROOM_FILES_MAX and room not in LISTS_OF_LIKE_THINGS
    } == {}


def test_the_lists_of_like_things_are_there() -> None:
    assert [room for room in LISTS_OF_LIKE_THINGS if not (ROOT / room).is_dir()] == []


def test_no_file_is_longer_than_one_reads_at_once() -> None:
    paths = [*(module.path for module in modules().values()), *scripts(), ROOT / "app.py"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > FILE_LINES_MAX}
    assert long == {}


def long_functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.name}: {lines} lines"


def test_no_function_is_longer_than_a_screen() -> None:
    long = {name: list(long_functions(module.tree)) for name, module in modules().items()}
    assert {name: found for name, found in long.items() if found} == {}


def long_blocks(script: str) -> Iterator[str]:
    """The long functions of a script: each ends at the brace that stands below its beginning."""
    lines = script.splitlines()
    for first, line in enumerate(lines):
        opening = re.match(r"(\s*)(?:.*\bfunction\b.*|.*=>|(?:async )?\w+\(.*\)) \{$", line)
        if opening is None or re.match(r"\s*(?:if|for|while|switch|catch)\b", line):
            continue
        ends = (
            n for n, each in enumerate(lines) if n > first and each.startswith(opening[1] + "}")
        )
        count = next(ends, len(lines)) - first + 1
        if count > FUNCTION_LINES_MAX:
            yield f"{line.strip()} {count} lines"


def test_no_function_of_a_script_is_longer_than_a_screen() -> None:
    long = {path.name: list(long_blocks(path.read_text(encoding="utf-8"))) for path in scripts()}
    assert {name: found for name, found in long.items() if found} == {}


def test_a_long_function_would_be_seen() -> None:
    body = "\n".join(["    x = 1"] * FUNCTION_LINES_MAX)
    assert list(long_functions(ast.parse(f"def f():\n{body}")))
    assert list(long_blocks(f"export function f(a, b) {{\n{body}\n}}\n"))
    assert not list(long_blocks("function f() {\n  x();\n}\n" + body))


def classes() -> Iterator[tuple[Module, ast.ClassDef]]:
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                yield module, node


def test_a_class_s_name_stands_for_one_thing() -> None:
    homes = defaultdict(list)
    for module, node in classes():
        homes[node.name].append(module.name)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def exceptions() -> dict[str, str]:
    """The exceptions of this project, each with its base."""
    bases = {
        node.name: next((ast.unparse(base) for base in node.bases), "") for _, node in classes()
    }
    found = set(BUILT_IN_ERRORS)
    while more := {name for name, base in bases.items() if base in found} - found:
        found |= more
    return {name: bases[name] for name in found & bases.keys()}


def test_exceptions_have_one_base() -> None:
    built_in = {name for name, base in exceptions().items() if base in BUILT_IN_ERRORS}
    assert built_in == BASES_OF_EXCEPTIONS


def test_the_tree_of_exceptions_is_drawn_as_it_is() -> None:
    tree = ast.get_docstring(modules()["bot.errors"].tree) or ""
    drawn, path = {}, [""]
    for line in tree.splitlines():
        if branch := re.match(r"((?:│? +)*)[├└]─ (\w+)", line):
            depth = len(branch[1]) // 3
            path = [*path[: depth + 1], branch[2]]
            drawn[branch[2]] = path[depth] or "KayoiError"
    theirs = exceptions()
    ours = {name: base for name, base in theirs.items() if base in {"KayoiError", *drawn}}
    assert {name: base for name, base in ours.items() if not name.startswith("_")} == drawn


def actions() -> Iterator[tuple[str, int]]:
    """The public functions of the actions, and how many parameters each has."""
    for module in modules().values():
        if not module.name.startswith("handlers.actions."):
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                taken = node.args
                count = len(taken.posonlyargs + taken.args + taken.kwonlyargs)
                yield f"{module.name}.{node.name}", count


def test_an_action_is_handed_little() -> None:
    """The work, whom it is about, and what is asked: few need more."""
    counted = dict(actions())
    many = {name: count for name, count in counted.items() if count > PARAMETERS_MAX}
    assert len(many) <= len(counted) * 0.05, many


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


@cache
def import_contracts() -> Mapping[str, Any]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: Mapping[str, Any] = config["tool"]["importlinter"]
    return contracts


def test_every_package_is_under_the_import_contracts() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "migrations"}
    assert packages == set(import_contracts()["root_packages"]) == set(FLOORS)


def test_every_room_has_its_place_among_its_neighbours() -> None:
    """A room in which there are rooms says in which order they stand, and leaves none out."""
    halls = {
        ".".join(path.parent.parent.relative_to(ROOT).parts)
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*/__init__.py")
    }
    ordered = {
        container
        for contract in import_contracts()["contracts"]
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    assert halls <= ordered


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
    assert shown == {picture.name for picture in (ROOT / "docs" / "screens").glob("*.png")}
