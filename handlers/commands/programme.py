"""The commands about the programme's file: `flask --app app program …`."""

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from bot.clock import Clock
from bot.settings import PROJECT, SettingsError
from bot.store.engine.db import DatabaseUnreachable
from bot.store.finding import due_members
from bot.store.history.programs import NoProgramme
from bot.store.messages import outbox_figures, segments
from handlers.actions.programme.reviewing import fit
from handlers.club import Club
from handlers.showing.events import events_ahead
from handlers.showing.losses import losses_of
from handlers.showing.month_quota import quota_state
from handlers.showing.off_peak import look
from rules.base import POINTS_MAX, Lang
from rules.checking.cross_references import segments_named
from rules.checking.journey_cautions import what_a_year_shows
from rules.checking.losses import Loss
from rules.checking.reading import InvalidProgramme
from rules.checking.warnings import warnings
from rules.explaining.explain import explain
from rules.explaining.off_peak import proposal, propose
from rules.journeys.programme import journeys_of, whole
from rules.journeys.samples import KNOWN_FROM_DAYS, ClubSize
from rules.programme.programme import Programme
from rules.wording.texts import say
from rules.wording.words import Words

from .errors import command_errors
from .installation import Installed
from .moments import moment_of
from .pictures import check_art
from .publishing import Change, history, pull, push, put_into_force, revert
from .reader import LANG
from .serving import read_programme, with_database

_YES = click.option("--yes", is_flag=True, help="Don't ask, for scripts.")
_AT = click.option("--at", help='Later: a moment of the shop\'s clock, as "2026-12-01 04:00".')


def _program_path(installed: Installed, path: Path | None) -> Path:
    """The file named, or PROGRAM_FILE; program.toml where the settings can't be read."""
    if path is not None:
        return path
    try:
        return installed().settings.program_file
    except SettingsError:
        return PROJECT / "program.toml"


def _club(installed: Installed) -> Club | None:
    """The club; None where there is none yet, or its database is away."""
    try:
        return with_database(installed)().club
    except (SettingsError, DatabaseUnreachable, click.ClickException):
        return None


def _club_size(club: Club | None, programme: Programme, members: int | None) -> ClubSize | None:
    """How many members there are, and how often their messages fall due; of `members` to plan for,
    that alone. None where there is nobody."""
    if club is None or members:
        return ClubSize(members) if members else None
    now = club.now()
    with club.store.read() as uow:
        members = due_members.count_members(uow)
        seen = outbox_figures.episodes(uow, since=now - timedelta(days=365))
    known: dict[str, float] = {}
    for journey in journeys_of(programme):
        count, first_at = seen.get(journey.queued_as, (0, now))
        days = (now - first_at) / timedelta(days=1)
        if days >= KNOWN_FROM_DAYS:
            known[journey.id] = count * 365 / days
    return ClubSize(members, known) if members else None


def _segment_names(club: Club) -> dict[str, str]:
    with club.store.read() as uow:
        return segments.names_by_slug(uow)


def _check_segments(programme: Programme, lang: Lang, club: Club | None) -> None:
    """Raises a ClickException for a segment that the club has not; where there is no club to ask,
    says that nobody did."""
    named = segments_named(whole(programme))
    if club is None and named:
        click.secho(say(lang, "publish.segments_unasked", names=", ".join(sorted(named))))
    if club is not None:
        with club.store.read() as uow:
            found = fit(uow, whole(programme))
        if isinstance(found, InvalidProgramme):
            raise click.ClickException(found.listed(lang))


def _past(club: Club | None) -> tuple[Programme, ...]:
    """The programmes there were, and the one there is."""
    try:
        return tuple(each.programme for each in club.timeline().versions) if club else ()
    except NoProgramme:
        return ()


def _plan(club: Club) -> int | None:
    """The messages that LINE's plan has a month; None where LINE has not said, or it has no end."""
    try:
        return quota_state(club, club.now()).plan
    except NoProgramme:
        return None


def _sends_sms(installed: Installed) -> bool | None:
    """Whether the settings name an account to send SMS by; None where they can't be read."""
    try:
        return installed().club.sms is not None
    except SettingsError:
        return None


def _losses(club: Club, programme: Programme) -> tuple[Loss, ...]:
    """What publishing it would take from somebody."""
    try:
        in_force = club.timeline().at(club.now()).programme
    except NoProgramme:
        return ()
    return losses_of(club, in_force, programme)


_FILE = click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))


def programme_commands(installed: Installed) -> AppGroup:
    """The group `program`."""
    group = AppGroup("program", help="The club's programme: check, explain, publish, take back.")

    @group.command("check")
    @_FILE
    @LANG
    @click.option(
        "--members",
        type=click.IntRange(min=1),
        help="How many members to plan for; as many as there are, if not named.",
    )
    @click.option(
        "--plan",
        type=click.IntRange(min=1),
        help="How many messages a month LINE's plan has; what LINE said, if not named.",
    )
    @command_errors
    def check(path: Path | None, lang: Lang, members: int | None, plan: int | None) -> None:
        """Check the programme's file: what is wrong in it, and what may be unwise."""
        path = _program_path(installed, path)
        _, programme = read_programme(path, lang)
        club = _club(installed)
        check_art(programme, path, lang, club=club)
        _check_segments(programme, lang, club)
        today = programme.shop.business_date(Clock().now())
        size = _club_size(club, programme, members)
        plan = plan or (_plan(club) if club else None)
        sms = _sends_sms(installed)
        coming = events_ahead(club) if club else None
        cautions = warnings(programme, size=size, plan=plan, sms=sms, today=today, events=coming)
        found = (*cautions, *_losses(club, programme)) if club else cautions
        for caution in found:
            click.secho(f"! {caution.path}: {caution.message(lang)}", fg="yellow")
        for ahead in what_a_year_shows(programme, size, _past(club)) if size else ():
            click.echo(f"  {ahead.path}: {ahead.message(lang)}")
        click.echo(say(lang, "publish.valid", file=path.name, count=len(found)))

    @group.command("explain")
    @_FILE
    @LANG
    @command_errors
    def explain_(path: Path | None, lang: Lang) -> None:
        """Print each rule of the programme as one plain sentence."""
        _, programme = read_programme(_program_path(installed, path), lang)
        club = _club(installed)
        names = _segment_names(club) if club else None
        for section in explain(programme, lang, hidden=True, segment_names=names):
            click.secho(section.title, bold=True)
            for sentence in section.sentences:
                click.echo(f"  ・{sentence}" if lang == "ja" else f"  - {sentence}")

    _add_versions(group, installed)
    _add_drafts(group, installed)
    _add_off_peak(group, installed)
    return group


def _add_drafts(group: AppGroup, installed: Installed) -> None:
    """Those between the file and the owner's console."""

    @group.command("pull")
    @_FILE
    @click.option("--draft", is_flag=True, help="What is being written in the console by now.")
    @LANG
    @_YES
    @command_errors
    def pull_(path: Path | None, lang: Lang, *, draft: bool, yes: bool) -> None:
        """Write the newest programme into the file, as it was published."""
        club = with_database(installed)().club
        pull(club, _program_path(installed, path), lang, draft=draft, yes=yes)

    @group.command("push")
    @_FILE
    @LANG
    @_YES
    @command_errors
    def push_(path: Path | None, lang: Lang, *, yes: bool) -> None:
        """Make the file's programme the draft that the owner's console shows."""
        club = with_database(installed)().club
        path = _program_path(installed, path)
        text, programme = read_programme(path, lang)
        check_art(programme, path, lang, club=club)
        push(club, text, lang, yes=yes)


def _add_off_peak(group: AppGroup, installed: Installed) -> None:
    """That which proposes a campaign."""

    @group.command("off-peak")
    @click.option("--store", help="The id of a store, where there are several.")
    @click.option("--points", type=click.IntRange(1, POINTS_MAX), help="The extra for a visit.")
    @LANG
    @command_errors
    def off_peak(store: str | None, points: int | None, lang: Lang) -> None:
        """Propose a campaign for the hours in which few come: print it as text for the end of the
        programme's file, with what it may cost. Nothing is changed."""
        club = with_database(installed)().club
        words = Words(club.timeline().at(club.now()).programme, lang)
        if store is not None and words.programme.store(store) is None:
            there = ", ".join(each.id for each in words.programme.stores)
            raise click.ClickException(words.say("problem.no_store", id=store, there=there))
        seen = look(club, only=store)
        proposed = propose(words.programme, seen, points=points)
        click.echo(proposal(words, seen, proposed), nl=False)


def _add_versions(group: AppGroup, installed: Installed) -> None:
    """Those about what is published."""

    @group.command("publish")
    @_FILE
    @LANG
    @_AT
    @_YES
    @command_errors
    def publish(path: Path | None, lang: Lang, at: str | None, yes: bool) -> None:
        """Put the file's programme into force, after a yes where it takes something from somebody.
        What happened before stays judged as it was."""
        club = with_database(installed)().club
        path = _program_path(installed, path)
        text, programme = read_programme(path, lang)
        check_art(programme, path, lang, club=club)
        moment = moment_of(at, programme.shop, club.now()) if at is not None else None
        put_into_force(club, Change(text, programme, moment), lang, yes=yes)

    @group.command("history")
    @LANG
    @command_errors
    def history_(lang: Lang) -> None:
        """List what was published, from when on it holds, and how many sentences it changed."""
        history(with_database(installed)().club, lang)

    @group.command("revert")
    @click.argument("number", type=int)
    @LANG
    @_YES
    @command_errors
    def revert_(number: int, lang: Lang, yes: bool) -> None:
        """Go back to version NUMBER: publish it anew, or take away what waits for its moment."""
        revert(with_database(installed)().club, number, lang, yes=yes)
