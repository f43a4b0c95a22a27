"""docs/house.md: its recipes name all the places they touch, and its ways lead where it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
PLACES_MAX = 4
READ = {".py", ".toml", ".html", ".js", ".css", ".md", ".example"}
FLOORS = ("handlers", "bot", "images", "rules", "migrations", "docs")
#: What a shop may write, what tells of it, and what others wrote.
ELSEWHERE = (
    "docs/leaving.md",
    "docs/programs/*",
    "rules/programme/templates/*",
    "docs/house.md",
    "*/vendor/*",
)
KINDS = {
    *("An earning rule's award", "A badge kind", "A reward kind", "A journey kind", "A message"),
    *("A refusal", "An activity", "A conversation", "A staff page", "A setting"),
    *("A table's column", "A resource of the API"),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    title: str
    example: str
    #: A pattern each; one may have the two languages in braces.
    places: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        return [place.replace("{ja,en}", lang) for place in self.places for lang in ("ja", "en")]


def recipes(text: str) -> list[Recipe]:
    part = text.partition("## To add a …")[2].partition("\n## ")[0]
    return [
        Recipe(
            title=each.partition("\n")[0].strip(),
            example="".join(re.findall(r"^Example: `([^`]+)`$", each, re.MULTILINE)),
            places=tuple(re.findall(r"^- `([^`]+)`:", each, re.MULTILINE)),
        )
        for each in re.split(r"^### ", part, flags=re.MULTILINE)[1:]
    ]


def files() -> Iterator[tuple[str, Path]]:
    """What is shipped and may name something, by its path within the project."""
    for path in [*ROOT.glob("*"), *(f for floor in FLOORS for f in (ROOT / floor).rglob("*"))]:
        name = path.relative_to(ROOT).as_posix()
        told = path.suffix in (".md", ".toml") and path.parent == ROOT
        if path.suffix in READ and not told and not any(fnmatch(name, e) for e in ELSEWHERE):
            yield name, path


def naming(example: str) -> list[str]:
    whole_word = re.compile(rf"(?<![\w.]){re.escape(example)}(?!\w)")
    return [name for name, path in files() if whole_word.search(path.read_text(encoding="utf-8"))]


def unnamed(recipe: Recipe) -> list[str]:
    found = naming(recipe.example)
    return [name for name in found if not any(fnmatch(name, each) for each in recipe.patterns)]


RECIPES = recipes(HOUSE)


def test_there_is_a_recipe_for_each_kind_of_thing() -> None:
    assert {recipe.title for recipe in RECIPES} == KINDS


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_names_every_place_of_its_example(recipe: Recipe) -> None:
    assert naming(recipe.example), f"{recipe.example} is nowhere"
    assert not unnamed(recipe)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_names_few_places_and_all_of_them_exist(recipe: Recipe) -> None:
    assert 0 < len(recipe.places) <= PLACES_MAX
    for pattern in recipe.patterns:
        assert list(ROOT.glob(pattern)), f"{pattern} is no file"


def test_a_place_that_a_recipe_forgot_is_found() -> None:
    whole = next(recipe for recipe in RECIPES if recipe.title == "A refusal")
    assert unnamed(Recipe(whole.title, whole.example, whole.places[1:])) == [whole.places[0]]


def test_the_files_and_functions_on_the_ways_exist() -> None:
    part = HOUSE.partition("## Ways through")[2].partition("\n## ")[0]
    steps = re.findall(r"`((?:\w+/)*\w+\.py)`(?:\s·\s`([\w.]+)`)?", part)
    assert steps
    for file, name in steps:
        found = list(ROOT.glob(f"handlers/**/{file}")) or [ROOT / file]
        last = name.rpartition(".")[2]
        assert any(p.exists() and re.search(rf"(?:def|class) {last}\b", p.read_text("utf-8"))
                   for p in found), f"{file} · {name}"  # fmt: skip
