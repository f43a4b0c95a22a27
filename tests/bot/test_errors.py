"""The one base of what can go wrong here."""

import ast
import builtins
import re
from pathlib import Path

from bot import errors
from bot.errors import KayoiError
from bot.line.errors import LineUnavailable
from bot.store.history.claims import KeyReused

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "bot" / "simulator"
FILES = [file for floor in ("bot", "handlers", "rules") for file in (ROOT / floor).rglob("*.py")]


def _classes(file: Path) -> list[ast.ClassDef]:
    found = ast.walk(ast.parse(file.read_text("utf-8")))
    return [node for node in found if isinstance(node, ast.ClassDef)]


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def _is_an_exception_of_pythons(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _drawn() -> dict[str, str]:
    """The tree of the module's docstring: each name with its parent's."""
    parents, above = {}, ["KayoiError"]
    for branch, name in re.findall(r"^([│ ]*[├└]─ )(\w+)", errors.__doc__ or "", re.M):
        depth = len(branch) // 3
        del above[depth:]
        parents[name] = above[-1]
        above.append(name)
    return parents


def test_every_exception_has_our_base() -> None:
    for file in FILES:
        for node in _classes(file):
            if _bases(node) == {"ValueError"} and file.is_relative_to(ROOT / "rules"):
                continue  # a model's validator must raise one; pydantic makes its own error of it
            if any(_is_an_exception_of_pythons(base) for base in _bases(node)):
                # A name with an underscore never leaves its module.
                ours = "SimulatorError" if file.is_relative_to(SIMULATOR) else "KayoiError"
                assert node.name == ours or node.name.startswith("_"), f"{file}: {node.name}"


def test_the_tree_is_drawn_as_it_is() -> None:
    known, parents = {"KayoiError"}, {}
    nodes = [node for file in FILES for node in _classes(file)]
    while found := [
        (node, base) for node in nodes for base in _bases(node) & known if node.name not in known
    ]:
        for node, base in found:
            parents[node.name] = base
            known.add(node.name)
            assert ast.get_docstring(node), node.name
    # A name with an underscore never leaves its module, so nobody looks for it in the tree.
    assert _drawn() == {name: base for name, base in parents.items() if name[0] != "_"}


def test_the_docstring_is_the_message_where_none_is_given() -> None:
    assert str(KeyReused()).startswith("This key was used before")
    assert str(LineUnavailable()).startswith("LINE could not be reached")
    assert str(KayoiError("in words")) == "in words"
