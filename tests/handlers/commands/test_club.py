"""`club`, as one types it."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from bot.choice import ClubFolder, choose, chosen, write_programme
from handlers.commands.commands import register
from handlers.commands.installation import Origin
from tests.handlers.commands.conftest import run


def with_clubs(cafe: Flask, clubs: Path) -> Flask:
    installation = replace(cafe.extensions["kayoi"], origin=Origin(clubs=clubs))
    app = Flask("kayoi")
    register(app, lambda: installation, serve=lambda: None, work=lambda: None)
    return app


def begun_in(clubs: Path, name: str, shop: str) -> ClubFolder:
    folder = ClubFolder(clubs / name)
    write_programme(folder, f'[shop.name]\nja = "{shop}"\n')
    folder.database.touch()
    return folder


def test_one_goes_back_to_the_demo_and_to_the_shop_again(cafe: Flask, tmp_path: Path) -> None:
    app = with_clubs(cafe, tmp_path)
    shop = begun_in(tmp_path, "club-1", "喫茶あおぞら")
    (tmp_path / "making-club-2").mkdir()
    choose(shop)
    assert run(app, "club").output.splitlines() == ["  demo  the demo's", "* club-1  喫茶あおぞら"]
    assert run(app, "club", "demo").exit_code == 0
    assert chosen(tmp_path) is None
    assert run(app, "club").output.startswith("* demo")
    assert run(app, "club", "club-1").exit_code == 0
    assert chosen(tmp_path) == shop


def test_no_other_name_is_a_club(cafe: Flask, tmp_path: Path) -> None:
    app = with_clubs(cafe, tmp_path)
    begun_in(tmp_path, "club-1", "喫茶あおぞら")
    for name in ("club-2", "../club-1", "making-club-2"):
        no = run(app, "club", name)
        assert no.exit_code == 1
        assert "there is: demo, club-1" in no.output
    assert chosen(tmp_path) is None


def test_where_a_database_is_named_nobody_chooses(cafe: Flask) -> None:
    no = run(cafe, "club", "demo")
    assert no.exit_code == 1
    assert "DATABASE_URL" in no.output
