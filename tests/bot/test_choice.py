"""Which club runs is one small file, whole or not there."""

from pathlib import Path

import pytest

from bot.choice import ClubFolder, choose, chosen, write_programme


def club(clubs: Path, name: str) -> ClubFolder:
    (clubs / name).mkdir(parents=True)
    return ClubFolder(clubs / name)


def test_nobody_s_choice_is_the_demo(tmp_path: Path) -> None:
    assert chosen(tmp_path) is None
    assert chosen(tmp_path / "not there") is None


def test_what_is_chosen_last_runs(tmp_path: Path) -> None:
    first, second = club(tmp_path, "club-1"), club(tmp_path, "club-2")
    choose(first)
    choose(second)
    assert chosen(tmp_path) == second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["club-1", "club-2", "club.json"]


def test_who_dies_while_choosing_leaves_the_club_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = club(tmp_path, "club-1"), club(tmp_path, "club-2")
    choose(first)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        choose(second)
    assert chosen(tmp_path) == first


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"club": "../x"}', '{"club": "gone"}', "\\xff"])
def test_no_other_club_runs_where_the_choice_can_t_be_read(tmp_path: Path, said: str) -> None:
    (tmp_path / "club.json").write_text(said)
    with pytest.raises(ValueError, match=r"club|Expecting"):
        chosen(tmp_path)


def test_a_club_keeps_its_programme_as_a_file(tmp_path: Path) -> None:
    folder = ClubFolder(tmp_path / "club-1")
    write_programme(folder, "format = 1\n")
    assert folder.programme.read_text() == "format = 1\n"
