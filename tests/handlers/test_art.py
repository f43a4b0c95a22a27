import re
from pathlib import Path

import pytest

from bot.store.history import arts
from bot.store.history.arts import name_of_art
from handlers.art import ArtFolder, art_problems, stored_art
from images.look import UnusableArt
from images.upload import art_of_upload
from rules.checking.reading import parse
from rules.programme.programme import Programme
from tests.handlers.clubs import SmallClub, club_on
from tests.images.pictures import art
from tests.rules.examples import CAFE


def programme(**files: str) -> Programme:
    theme = "".join(f'{name} = "{file}"\n' for name, file in files.items() if name != "badge")
    text = CAFE.replace("[[stores]]", f"[theme]\n{theme}\n[[stores]]", 1)
    if "badge" in files:
        text = text.replace('icon = "☕"', f'icon = "☕"\nart = "{files["badge"]}"')
    parsed = parse(text)
    assert isinstance(parsed, Programme)
    return parsed


def test_good_art_is_no_problem_and_opened_once(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(art())
    assert art_problems(programme(logo="logo.png"), ArtFolder(tmp_path)) == ()
    folder = ArtFolder(tmp_path)
    assert folder.get("logo.png") is folder.get("logo.png")


def test_every_file_that_can_not_be_used_is_named_with_its_place_and_why(tmp_path: Path) -> None:
    (tmp_path / "mascot.png").write_bytes(b"\xff\xd8 no png")
    (tmp_path / "cup.png").write_bytes(art(size=(40, 40)))
    asked = programme(logo="logo.png", mascot="mascot.png", badge="cup.png")
    problems = art_problems(asked, ArtFolder(tmp_path))
    assert [problem.path for problem in problems] == [
        "theme.logo",
        "theme.mascot",
        'badges[0] "first_visit" .art',
    ]
    for problem, why in zip(problems, ("not in the folder", "not a PNG", "40 × 40"), strict=True):
        assert why in problem.message("en")
        assert re.search("[ぁ-ん]", problem.message("ja"))


def test_pictures_do_without_art_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"no png")
    folder = ArtFolder(tmp_path)
    assert folder.get("logo.png") is None
    assert folder.get("gone.png") is None
    assert folder.get(None) is None
    assert ArtFolder().get("logo.png") is None


def test_new_art_under_the_old_name_is_taken_up(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(art())
    folder = ArtFolder(tmp_path)
    before = folder.get("logo.png")
    file.write_bytes(art("#00FF00", size=(500, 200)))
    after = folder.get("logo.png")
    assert before is not None
    assert after not in (None, before)


@pytest.mark.parametrize("name", ["../secret.png", "a/b.png", "logo.jpg", ".png", "", "x" * 90])
def test_a_file_is_named_and_never_a_path(name: str) -> None:
    theme = f'[theme]\nlogo = "{name}"\n\n[[stores]]'
    assert not isinstance(parse(CAFE.replace("[[stores]]", theme, 1)), Programme)


def test_a_folder_in_a_files_place_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "logo.png").mkdir()
    with pytest.raises(UnusableArt, match="unreadable"):
        ArtFolder(tmp_path).read("logo.png")


def test_what_was_handed_in_is_read_by_every_process(database_url: str) -> None:
    with club_on(database_url) as club:
        _is_read(club)


def _is_read(club: SmallClub) -> None:
    kept = art_of_upload(art())
    name = name_of_art(kept)
    folder = ArtFolder(None, stored_art(club.store))
    assert folder.get(name) is None
    with club.store.begin() as uow:
        assert arts.add(uow, kept, at=club.now)
        assert not arts.add(uow, kept, at=club.now)
    first, other = folder.get(name), ArtFolder(None, stored_art(club.store)).get(name)
    assert first is not None
    assert first == other
    assert first is folder.get(name)
    named = programme(logo=name)
    assert art_problems(named, folder) == ()
    assert art_problems(named, ArtFolder(None)) == (), "who can't look says nothing"
    missing = programme(logo="up-000000000000000000000000.png")
    assert "もうありません" in art_problems(missing, folder)[0].message("ja")
