"""A programme put into force: what changes, whom it costs something, and how it is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bot.store.history import drafts, programs
from bot.store.history.programs import NOTICE, NoProgramme, PublishedText
from bot.store.messages import segments
from handlers.actions.programme.drafting import begin_with
from handlers.actions.programme.publishing import withdraw_waiting
from handlers.actions.programme.reviewing import fit
from handlers.club import Club
from handlers.showing.losses import losses_of
from rules.base import Lang, Refusal
from rules.checking.reading import InvalidProgramme, parse
from rules.explaining.differences import differences
from rules.journeys.programme import whole
from rules.programme.programme import Programme
from rules.wording.texts import say


@dataclass(frozen=True, slots=True)
class Change:
    """A programme that is to come into force, in its own words and read."""

    text: str
    programme: Programme
    #: None: at once, as soon as every process can know of it.
    at: datetime | None = None


def put_into_force(club: Club, change: Change, lang: Lang, *, yes: bool) -> None:
    """Shows what changes, asks where somebody loses by it (unless that was answered by `yes`), and
    publishes it."""
    now = club.now()
    try:
        timeline = club.timeline()
    except NoProgramme:
        _publish(club, change, lang)
        return
    latest = timeline.latest
    if latest.since > now + NOTICE:
        # Two that wait for their moment would have to be compared with each other.
        values = {"number": latest.number, "at": _local(latest.programme, latest.since)}
        values |= {"now": timeline.at(now).number}
        raise click.ClickException(say(lang, "publish.one_waits", **values))
    if change.at is not None and change.at <= now + NOTICE:
        raise click.ClickException(say(lang, "publish.too_early"))
    with club.store.read() as uow:
        names = segments.names_by_slug(uow)
    if not _show_differences(latest.programme, change.programme, lang, names):
        click.echo(say(lang, "publish.nothing", number=latest.number))
        return
    lost = losses_of(club, latest.programme, change.programme)
    for loss in lost:
        click.secho(f"! {loss.path}: {loss.message(lang)}", fg="yellow")
    if lost and not yes:
        click.confirm(say(lang, "publish.sure", count=len(lost)), abort=True)
    _publish(club, change, lang)


def _show_differences(old: Programme, new: Programme, lang: Lang, names: Mapping[str, str]) -> bool:
    """Prints what changes, as sentences; False when nothing does."""
    found = differences(old, new, lang, names)
    for section in found:
        click.secho(section.title, bold=True)
        for sentence in section.gone:
            click.secho(f"  - {sentence}", fg="red")
        for sentence in section.added:
            click.secho(f"  + {sentence}", fg="green")
    return bool(found)


def _publish(club: Club, change: Change, lang: Lang) -> None:
    with club.store.begin() as uow:
        fitting = fit(uow, whole(change.programme), lock=True)
        if isinstance(fitting, InvalidProgramme):
            raise click.ClickException(fitting.listed(lang))
        since = change.at or club.now() + NOTICE
        published = programs.publish(uow, change.text, since=since)
    club.programmes.forget()
    at = _local(change.programme, published.since)
    click.echo(say(lang, "publish.done", number=published.number, at=at))


def history(club: Club, lang: Lang) -> None:
    """Prints every version: from when it held, and how much it changed."""
    now = club.now()
    timeline = club.timeline()
    in_force = timeline.at(now).number
    before: Programme | None = None
    for version in timeline.versions:
        at = _local(version.programme, version.since)
        state = "waits" if version.since > now else "holds"
        held = say(lang, f"publish.{state}") if version.number >= in_force else ""
        found = differences(before, version.programme, lang) if before else ()
        gone, added = (sum(len(getattr(c, part)) for c in found) for part in ("gone", "added"))
        counts = f"+{added} -{gone}" if before else ""
        click.echo(f"{version.number:>4}  {at}  {counts:9} {held}".rstrip())
        before = version.programme


def revert(club: Club, number: int, lang: Lang, *, yes: bool) -> None:
    """Brings version `number` back: its text is published anew. Where it is in force, what waits
    for its moment is taken away."""
    known = club.now() + NOTICE
    with club.store.read() as uow:
        versions = [version for version in programs.published(uow) if version.since <= known]
    wanted = next((version for version in versions if version.number == number), None)
    if wanted is None:
        raise click.ClickException(say(lang, "publish.unknown", number=number))
    if wanted is not versions[-1]:
        put_into_force(club, Change(wanted.text, _read(wanted, lang)), lang, yes=yes)
        return
    with club.work() as work:
        nothing = withdraw_waiting(work)
    club.programmes.forget()
    done = "holds_already" if nothing else "withdrawn"
    click.echo(say(lang, f"publish.{done}", number=number))


def pull(club: Club, path: Path, lang: Lang, *, draft: bool, yes: bool) -> None:
    """Writes what was published last, or the `draft`, into the file; asks before another text is
    lost by it."""
    with club.store.read() as uow:
        found = drafts.find(uow) if draft else programs.newest(uow)
    if found is None:
        raise click.ClickException(say(lang, "publish.no_draft"))
    there = path.read_text(encoding="utf-8") if path.exists() else found.text
    if there != found.text and not yes:
        click.confirm(say(lang, "publish.overwrite", file=path.name), abort=True)
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(found.text, encoding="utf-8")
    aside.replace(path)
    click.echo(say(lang, "publish.pulled", file=path.name))


def push(club: Club, text: str, lang: Lang, *, yes: bool) -> None:
    """Makes `text` the draft; asks before another one is lost by it."""
    with club.store.read() as uow:
        draft = drafts.find(uow)
    if draft is not None and draft.text != text and not yes:
        click.confirm(say(lang, "publish.replace_draft"), abort=True)
    with club.work() as work:
        done = begin_with(work, text, draft.revision if draft else 0)
    if isinstance(done, InvalidProgramme):
        raise click.ClickException(done.listed(lang))
    if isinstance(done, Refusal):
        raise click.ClickException(say(lang, "publish.draft_changed"))
    click.echo(say(lang, "publish.pushed"))


def _read(version: PublishedText, lang: Lang) -> Programme:
    programme = parse(version.text)
    if isinstance(programme, InvalidProgramme):
        raise click.ClickException(programme.listed(lang))
    return programme


def _local(programme: Programme, moment: datetime) -> str:
    return f"{programme.shop.local(moment):%Y-%m-%d %H:%M:%S}"
