"""The commands about pictures: `flask --app app pictures …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from bot.settings import PROJECT
from bot.store.finding import due_members
from bot.store.members import members, sources
from handlers.art import FOLDER, ArtFolder, art_problems, stored_art
from handlers.club import Club
from handlers.showing.paper import paper_card
from handlers.showing.poster import poster_picture, source_poster
from handlers.showing.views import Scene
from images.paper_card import sheet_pdf
from images.poster import PosterPicture, draw_poster, poster_pdf
from images.sheet import contact_sheet
from rules.base import Lang
from rules.checking.reading import InvalidProgramme
from rules.programme.programme import Programme

from .contact_sheet import NUMBER, SampleClub, sheet_rows
from .installation import WithClub
from .serving import listed_problems, read_programme

#: The two programmes that ship.
EXAMPLES = (PROJECT / "program.toml", PROJECT / "docs" / "programs" / "gym.toml")
_SHEET_WIDTH = 3_360
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_ANY = click.Path(path_type=Path)
#: Five sheets are as much as is held in memory at once.
_CARDS_A_FILE = 50


def pictures_commands(installed: WithClub) -> AppGroup:
    """The group `pictures`."""
    group = AppGroup("pictures", help="The pictures that members and customers see.")

    @group.command("sheet")
    @click.option("--out", required=True, type=_FOLDER, help="The folder to write into.")
    @click.option("--programme", "files", multiple=True, type=_ANY, help="A programme's file.")
    @click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day on it; else today.")
    def sheet(out: Path, files: tuple[Path, ...], day: datetime | None) -> None:
        """Draw every picture of the café and the gym, or of the programmes named, side by side."""
        club = installed().club
        today = day.date() if day else club.now().date()
        rows = [
            row
            for file in files or EXAMPLES
            for row in sheet_rows(_sample_club(installed, file), today=today)
        ]
        out.mkdir(parents=True, exist_ok=True)
        path = out / "sheet.jpg"
        path.write_bytes(contact_sheet(rows, width=_SHEET_WIDTH))
        click.echo(f"{sum(len(row.pictures) for row in rows)} pictures: {path}")
        for number, row in enumerate(rows, start=1):
            for place, picture in enumerate(row.pictures, start=1):
                ending = "png" if picture.startswith(b"\x89PNG") else "jpg"
                (out / f"{number:02}-{place:02}.{ending}").write_bytes(picture)

    @group.command("poster")
    @click.option("--out", required=True, type=_FILE, help="The file to write, .pdf or .png.")
    @click.option(
        "--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True,
        help="The language on it.",
    )  # fmt: skip
    @click.option("--source", default="", help="The code of a source, for a poster of its own.")
    def poster(out: Path, lang: Lang, source: str) -> None:
        """Draw the counter's poster (A4): .pdf to print, or .png."""
        club = installed().club
        programme = club.timeline().at(club.now()).programme
        scene = Scene(programme, club.art, lang)
        draw = {".pdf": poster_pdf, ".png": draw_poster}.get(out.suffix.lower())
        if draw is None:
            raise click.ClickException("Name a file that ends in .pdf or .png.")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(draw(_poster(club, scene, source), scene.look))
        click.echo(f"{out}: A4, in {lang}.")

    @group.command("cards")
    @click.option("--out", required=True, type=_FOLDER, help="The folder to write into.")
    def cards(out: Path) -> None:
        """Print the cards of all members without LINE anew, ten to a sheet (A4)."""
        club = installed().club
        found = list(due_members.without_line(club.store))
        out.mkdir(parents=True, exist_ok=True)
        for number, start in enumerate(range(0, len(found), _CARDS_A_FILE), start=1):
            path = out / f"cards-{number:03}.pdf"
            path.write_bytes(_sheets(club, found[start : start + _CARDS_A_FILE]))
        click.echo(f"{len(found)} cards of members without LINE: {out}")

    return group


def _poster(club: Club, scene: Scene, code: str) -> PosterPicture:
    if not code:
        return poster_picture(scene, club.add_friend_link())
    with club.store.read() as uow:
        source = sources.by_code(uow, code.upper())
    if source is None:
        raise click.ClickException("No source has that code: see /owner/sources.")
    return source_poster(club, scene, source.code)


def _sheets(club: Club, member_ids: list[int]) -> bytes:
    """The cards of those members, each in its own language."""
    programme = club.timeline().at(club.now()).programme
    with club.store.read() as uow:
        known = sorted(members.many(uow, member_ids), key=lambda member: member.id)
        scenes = [Scene(programme, club.art, member.language) for member in known]
        shown = [paper_card(club, uow, *each) for each in zip(known, scenes, strict=True)]
    return sheet_pdf(shown, scenes[0].look)


def _sample_club(installed: WithClub, file: Path) -> SampleClub:
    _, programme = read_programme(file)
    club = installed().club
    check_art(programme, file)
    return SampleClub(
        programme,
        ArtFolder(file.parent / FOLDER),
        club.codes.card_code(NUMBER),
        club.add_friend_link(),
    )


def check_art(
    programme: Programme, file: Path, lang: Lang = "en", *, club: Club | None = None
) -> None:
    """Ends the command if the art that the programme in `file` names can't be used: files beside
    it, and what was handed in to the `club`, where there is one."""
    stored = stored_art(club.store) if club else None
    problems = art_problems(programme, ArtFolder(file.resolve().parent / FOLDER, stored))
    if problems:
        raise click.ClickException(listed_problems(file, InvalidProgramme(problems), lang))
