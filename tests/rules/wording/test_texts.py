"""The texts are complete in both languages, and what the code says is in them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from rules.base import LANGS, Lang
from rules.wording.texts import keys
from tests.rules.examples import ROOT

FOLDERS = ("rules", "bot", "images", "handlers")
#: A language may do without these: an English "one more visit" needs neither the number nor the
#: shop's own word for a visit, and "there is nothing yet" none for points.
OPTIONAL = {"count", "visit", "points", "birthday", "counter"}
_OF_THE_CHAT = r"chat\."
_ANYTHING = r"[a-z0-9_.]+"


def placeholders(text: str | dict[str, str]) -> set[str]:
    texts = text.values() if isinstance(text, dict) else [text]
    return {name for one in texts for _, name, _, _ in Formatter().parse(one) if name} - OPTIONAL


def test_both_languages_have_the_same_texts() -> None:
    assert keys("ja").keys() == keys("en").keys()


@pytest.mark.parametrize("key", keys("ja"))
def test_a_text_has_the_same_placeholders_in_both_languages(key: str) -> None:
    assert placeholders(keys("ja")[key]) == placeholders(keys("en")[key])


@pytest.mark.parametrize("lang", LANGS)
def test_forms_of_number_are_one_and_other(lang: Lang) -> None:
    for key, text in keys(lang).items():
        if isinstance(text, dict):
            assert set(text) in ({"one", "other"}, {"other"}), key
            # A form chosen by the number needs the number, or the language has but one form.
            if "one" in text:
                assert placeholders(text["one"]) <= placeholders(text["other"]), key


@pytest.mark.parametrize("lang", LANGS)
def test_a_text_stands_in_the_file_of_its_section(lang: Lang) -> None:
    files = {
        file.stem: leaves(tomllib.loads(file.read_text(encoding="utf-8"))) for file in texts(lang)
    }
    for key in keys(lang):
        at_home = max((name for name in files if key.startswith(f"{name}.")), key=len, default="")
        assert [name for name, own in files.items() if key in own] == [at_home], key


def texts(lang: Lang) -> list[Path]:
    return sorted((ROOT / "rules" / "wording" / "texts" / lang).glob("*.toml"))


def leaves(table: dict[str, Any], prefix: str = "") -> set[str]:
    """The dotted path of all that is no table itself, and of tables that are forms of number."""
    found = set()
    for name, value in table.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and "other" not in value:
            found |= leaves(value, f"{path}.")
        else:
            found.add(path)
    return found


@cache
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    files = [ROOT / "app.py", *(f for folder in FOLDERS for f in (ROOT / folder).rglob("*.py"))]
    return tuple((f, ast.parse(f.read_text(encoding="utf-8"))) for f in files if f.exists())


def spelled(node: ast.AST) -> str | None:
    """A regular expression for what a string in the code spells; None for no string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            re.escape(part.value)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
            else _ANYTHING
            for part in node.values
        )
    return None


def is_key(pattern: str | None) -> bool:
    """Whether it begins as a text's key does: a section of the texts and a dot."""
    return pattern is not None and pattern.split("\\.")[0] in sections() and "\\." in pattern


@cache
def sections() -> set[str]:
    return {key.split(".")[0] for key in keys("ja")}


def templates() -> Iterator[str]:
    for folder in FOLDERS:
        for page in (ROOT / folder).rglob("*.html"):
            yield from re.findall(r"""["']([a-z0-9_.]+)["']""", page.read_text(encoding="utf-8"))


def on_the_page() -> Iterator[str]:
    """What the counter's scripts say, as patterns of whole keys: t("…") and t(`…${…}`)."""
    for script in (ROOT / "handlers" / "pages" / "static" / "staff" / "js").glob("*.js"):
        source = script.read_text(encoding="utf-8")
        for key in re.findall(r"""\bt\(["`]([^"`]+)["`]""", source):
            parts = re.split(r"\$\{[^}]+\}", key)
            start = "" if key.startswith("refusal.") else re.escape("staff.page.")
            yield start + _ANYTHING.join(re.escape(part) for part in parts)


def test_every_text_that_a_template_says_exists() -> None:
    said_there = [
        (page.name, key)
        for folder in FOLDERS
        for page in (ROOT / folder).rglob("*.html")
        for key in re.findall(r"""\bsay\(["']([a-z0-9_.]+)["']""", page.read_text(encoding="utf-8"))
    ]

    assert len(said_there) > 100
    assert [(page, key) for page, key in said_there if key not in keys("ja")] == []


def test_every_text_that_the_counters_page_says_exists() -> None:
    said_there = list(on_the_page())

    assert len(said_there) > 30
    assert [
        key for key in said_there if not any(re.fullmatch(key, one) for one in keys("ja"))
    ] == []


def test_every_text_is_used_somewhere() -> None:
    strings = {spelled(node) for _, tree in sources() for node in ast.walk(tree)}
    used = {string for string in strings if string and is_key(string)}
    used |= {re.escape(word) for word in templates()}
    # The chat's turns say "chat." themselves; that alone must not count for all its texts.
    used -= {_OF_THE_CHAT + _ANYTHING}
    used |= {key for _, key in said()}
    used |= set(on_the_page()) | set(chosen_by_addresses())
    anything = re.compile("|".join(sorted(used)))

    assert [key for key in keys("ja") if not anything.fullmatch(key)] == []


def chosen_by_addresses() -> Iterator[str]:
    """The texts of a table from which an address chooses: done_line("staff.members.done")."""
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "done_line" and node.args:
                table = spelled(node.args[0])
                if table and is_key(table):
                    yield rf"{table}\.{_ANYTHING}"


def said() -> Iterator[tuple[str, str]]:
    """Where `say` is called, and the key it is given as a pattern."""
    for file, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "say":
                place = f"{file.relative_to(ROOT)}:{node.lineno}"
                in_chat = "chat" in file.parts and _is_a_turn(node.func)
                for pattern in _keys_of(node):
                    prefixed = in_chat and not pattern.startswith(_OF_THE_CHAT)
                    yield place, _OF_THE_CHAT + pattern if prefixed else pattern


def _keys_of(call: ast.Call) -> Iterator[str]:
    for argument in call.args[:2]:
        for choice in _choices(argument):
            pattern = spelled(choice)
            # Keys have dots; a language, the other first argument, has none.
            if pattern and r"\." in pattern:
                yield pattern


def _is_a_turn(function: ast.expr) -> bool:
    """Whether it is `turn.say`; the words of `explain` are said by their whole keys there too."""
    return isinstance(function, ast.Attribute) and _name(function.value) != "words"


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _choices(argument: ast.expr) -> list[ast.expr]:
    return [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]


def test_every_text_that_the_code_says_exists() -> None:
    known = keys("ja")
    calls = list(said())

    assert len(calls) > 50
    missing = [
        (place, key) for place, key in calls if not any(re.fullmatch(key, text) for text in known)
    ]
    assert missing == []
