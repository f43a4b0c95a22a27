"""Starting up: what must be true before the club is served."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.store import Store
from bot.store.engine.migrate import ahead, behind
from bot.store.engine.statements import compile_known
from bot.store.history import programs
from bot.store.staff import staff
from handlers.actions.founding.begin import may_begin
from handlers.actions.founding.opening import invite_to_begin
from handlers.actions.staff.inviting import invite_to_sign_in
from handlers.club import Club
from handlers.jobs.delivery_worker import DeliveryWorker
from handlers.jobs.scheduler import Scheduler
from handlers.pages.counter import opening_path
from handlers.pages.owner.setup.opening import setup_path
from handlers.pages.staff.team.join import join_path
from rules.base import LANGS, Lang
from rules.checking.reading import InvalidProgramme, decode, review
from rules.programme.programme import Programme
from rules.wording import texts
from rules.wording.texts import say

from .installation import Installation, Installed

#: Python looks for circles among objects when so many more were made than let go; its own number
#: is 700.
_OBJECTS_BETWEEN_LOOKS = 50_000
#: So long a thread works on while others wait for their turn.
_TURN_SECONDS = 0.0005
#: Platforms that empty a machine's disk at each start, by a variable that each of them sets
#: (devcenter.heroku.com/articles/dynos, cloud.google.com/run/docs/container-contract).
_FORGETFUL = {"DYNO": "Heroku", "K_SERVICE": "Cloud Run"}


def read_programme(path: Path, lang: Lang = "en") -> tuple[str, Programme]:
    """A programme's file, or an end that lists everything wrong with it."""
    try:
        text = decode(path.read_bytes())
    except OSError as problem:
        kind = type(problem).__name__
        raise click.ClickException(say(lang, "publish.unreadable", file=path, kind=kind)) from None
    if isinstance(text, InvalidProgramme):
        raise click.ClickException(listed_problems(path, text, lang))
    programme = review(text)
    if isinstance(programme, InvalidProgramme):
        raise click.ClickException(listed_problems(path, programme, lang))
    return text, programme


def listed_problems(path: Path, programme: InvalidProgramme, lang: Lang) -> str:
    """All that is wrong with a programme's file, under its name."""
    problems = programme.listed(lang).replace("\n", "\n  ")
    count = len(programme.problems)
    return f"{say(lang, 'publish.problems', file=path.name, count=count)}\n  {problems}"


def publish_first(installation: Installation) -> None:
    """The first start publishes the file; later changes need `program publish`."""
    club = installation.club
    with club.store.read() as uow:
        try:
            programs.load(uow)
        except programs.NoProgramme:
            pass
        else:
            return
    text, _ = read_programme(installation.settings.program_file)
    with club.store.begin() as uow:
        published = programs.publish_first(uow, text, since=club.now())
    if published:
        click.echo(f"Published {installation.settings.program_file.name} as the first programme.")


def with_database(installed: Installed) -> Installed:
    """`installed`, for those who need a database that is there and up to date."""

    def ready() -> Installation:
        installation = installed()
        store: Store = installation.club.store
        store.reach()
        if behind(store):
            raise click.ClickException(
                "The database is not up to date. Run `flask --app app migrate` first."
            )
        if newer := ahead(store):
            click.echo(
                f"A newer version has migrated the database ({newer[0]}, and this one knows "
                f"{newer[1]}). The version before it goes on beside it, older ones may not: start "
                "the newer one again soon.",
                err=True,
            )
        return installation

    return ready


def set_up_python() -> None:
    """Lets Python look for circles less often, and threads take turns more often, where a club is
    served.

    To judge years of somebody's history anew makes a hundred thousand objects, and a hundred
    requests under way to LINE are thousands, which live too long to count as young. By its own
    number Python would look through all that there is again and again: for a third of the time
    that a late visit after 2,400 activities takes, and as long as sending does.

    A scan says a dozen statements, and lets others run at each. Beside a night and a push, which
    have much to work out, it would wait for Python's own 5 ms a dozen times."""
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    sys.setswitchinterval(_TURN_SECONDS)


def make_ready(installation: Installation) -> None:
    """Stops a start that could not work, with one sentence."""
    set_up_python()
    with_database(lambda: installation)()
    platform = _forgetful_platform()
    if platform is not None and installation.club.store.is_sqlite:
        click.echo(
            f"{platform} empties this disk at each start, and the club on it with it: set "
            "DATABASE_URL to a PostgreSQL database before a member joins."
        )
    publish_first(installation)
    warm_up(installation.club)
    _compare(installation)


def warm_up(club: Club) -> None:
    """Does what the first who comes would wait for: reads the programme with its country's calendar
    and every text, and has the statements compiled."""
    club.timeline()
    texts.read_all()
    compile_known(club.store.engine.dialect)


def _forgetful_platform() -> str | None:
    """The platform we run on, if it empties the disk at each start."""
    return next((name for key, name in _FORGETFUL.items() if os.environ.get(key)), None)


def _compare(installation: Installation) -> None:
    """Says where the file is a programme that was never published. One that is wrong stops nobody:
    it is not what the club lives by."""
    file = installation.settings.program_file
    try:
        _, written = read_programme(file)
    except click.ClickException as problem:
        click.echo(f"{problem.message}\nThe programme published last stays in force.")
        return
    versions = installation.club.timeline().versions
    if all(written != version.programme for version in versions):
        click.echo(
            f"{file.name} is none of the programmes that were published; "
            "`flask --app app program publish` brings it in."
        )


def tell_addresses(installation: Installation) -> None:
    """Says where to look: of a demo in both languages, and with nothing below it."""
    base_url = installation.settings.base_url
    if installation.simulator is None:
        click.echo(f"Serving {base_url}; LINE's webhook is {base_url}/callback")
        _tell({"setup": setup_link(installation.club, is_live=True)})
        return
    links = {
        "simulator": f"{base_url}/simulator",
        "counter": counter_page(installation.club, None),
        "staff": owners_link(installation.club),
        "setup": setup_link(installation.club, is_live=False),
    }
    _tell(links)


def _tell(links: Mapping[str, str | None]) -> None:
    for name, link in links.items():
        if link is not None:
            label = " · ".join(say(lang, f"start.{name}") for lang in LANGS)
            click.echo(f"\n{click.style(label, bold=True)}\n  {link}")


def setup_link(club: Club, *, is_live: bool) -> str | None:
    """A link that opens the first steps once; None where they are over (see `may_begin`)."""
    with club.work() as work:
        if not may_begin(work.uow, is_live=is_live):
            return None
        return club.base_url + setup_path(invite_to_begin(work))


def keep_schedule(installation: Installation) -> None:
    """Ticks and delivers until stopped."""
    scheduler = Scheduler(installation.club.store, installation.clockwork)
    delivery = DeliveryWorker(installation.clockwork)
    scheduler.start()
    delivery.start()
    try:
        wait_to_be_stopped()
    finally:
        delivery.stop()
        scheduler.stop()


def wait_to_be_stopped() -> None:
    """Waits for SIGTERM, by which everything that runs services asks them to end; Ctrl+C raises
    KeyboardInterrupt."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    stopped.wait()


def counter_page(club: Club, store: str | None) -> str:
    """A link that opens a branch's counter page once; the first branch's if none is named."""
    programme = club.timeline().at(club.now()).programme
    branch = programme.stores[0] if store is None else programme.store(store)
    if branch is None:
        known = ", ".join(s.id for s in programme.stores)
        raise click.ClickException(f'There is no store "{store}"; there is: {known}.')
    return club.base_url + opening_path(club, branch.id)


def staff_page(club: Club) -> str:
    """Where who plays the customers plays the staff: signed in as the owner, where only this very
    machine is asked; else there is a password to be known."""
    host = urlsplit(club.base_url).hostname
    link = owners_link(club) if host in ("127.0.0.1", "::1", "localhost") else None
    return f"{link}?next=/staff/" if link else f"{club.base_url}/staff/"


def owners_link(club: Club) -> str | None:
    """A link that signs the demo club's owner in once, until this evening; None without an owner.

    Only for a club that lives in the simulator: whoever reads the terminal owns it anyway.
    """
    with club.work() as work:
        owner = next((p for p in staff.everybody(work.uow) if p.is_owner), None)
        return club.base_url + join_path(invite_to_sign_in(work, owner)) if owner else None
