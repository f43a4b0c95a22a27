"""The commands that start something, and those by which one gets ready to start."""

from collections.abc import Callable

import click

from bot.progress import progress
from bot.store.engine.migrate import upgrade

from ..club import Club
from ..jobs.night.refresh import count_stale, refresh
from . import demo
from .errors import command_errors
from .filling.engagement import count_nights
from .filling.letters import count_results
from .filling.tried import let_some_try
from .installation import Installation, Installed
from .serving import (
    counter_page,
    keep_schedule,
    make_ready,
    publish_first,
    setup_link,
    with_database,
)
from .surveys.demo import answer_surveys
from .surveys.demo_circle import gather_circle
from .surveys.demo_subscribers import subscribe_some
from .surveys.demo_voice import hear_members


def processes(
    installed: Installed, *, serve: Callable[[], None], work: Callable[[], None]
) -> list[click.Command]:
    """Those that start, and get ready. `serve` and `work` are what a web and a worker process do
    until they are stopped."""

    @click.command("migrate")
    @command_errors
    def migrate() -> None:
        """Bring the database up to date, and publish the programme at the first start."""
        installation = installed()
        installation.club.store.reach()
        upgrade(installation.settings.database_url)
        publish_first(installation)
        _fill_in(installation.club)

    @click.command("demo")
    @click.option(
        "--members",
        default=demo.MEMBERS,
        show_default=True,
        help="Who come; a quarter as many tried it and stopped.",
    )
    @command_errors
    def demo_(members: int) -> None:
        """Fill a demo club into an empty database, for the simulator."""
        _fill_demo(with_database(installed)(), members)

    @click.command("serve")
    @command_errors
    def serve_() -> None:
        """Serve the club. On SQLite this one process is the whole installation."""
        make_ready(installed())
        serve()

    @click.command("worker")
    @command_errors
    def worker() -> None:
        """Handle events, deliver messages and keep the schedule, beside web processes."""
        _beside_web(installed())
        work()

    @click.command("scheduler")
    @command_errors
    def scheduler() -> None:
        """Keep the schedule and deliver messages; of several, one leads and the others wait."""
        installation = installed()
        _beside_web(installation)
        keep_schedule(installation)

    @click.command("counter-link")
    @click.option("--store", default=None, help="The branch; the first one if not named.")
    @command_errors
    def counter_link(store: str | None) -> None:
        """Print a link that opens the counter's QR page once, on a tablet facing the customers."""
        click.echo(counter_page(with_database(installed)().club, store))

    return [migrate, demo_, serve_, worker, scheduler, counter_link, _setup_link(installed)]


def _setup_link(installed: Installed) -> click.Command:
    @click.command("setup-link")
    @command_errors
    def setup_link_() -> None:
        """Print a link that opens the first steps once, to begin a club of your own."""
        installation = with_database(installed)()
        link = setup_link(installation.club, is_live=installation.simulator is None)
        if link is None:
            raise click.ClickException("This club has begun already: sign in at /owner.")
        click.echo(link)

    return setup_link_


def _fill_in(club: Club) -> None:
    count = count_stale(club.store)
    if count:
        click.echo(f"Filling in what {count} member(s) of an earlier version lack.")
    for _ in progress(refresh(club), "Members", total=count):
        """Each by itself."""


def _beside_web(installation: Installation) -> None:
    make_ready(installation)
    if installation.club.store.is_sqlite:
        raise click.ClickException(
            "With SQLite `serve` does this too; set DATABASE_URL to PostgreSQL to run workers of "
            "their own."
        )


def _fill_demo(installation: Installation, members: int) -> None:
    club, simulator = installation.club, installation.simulator
    if simulator is None:
        click.echo(
            "No demo club: LINE credentials are set, and demo members live in the simulator."
        )
        return
    with club.store.read() as uow:
        empty = demo.is_empty(uow)
    if not empty:
        click.echo("No demo club filled in: there are members already.")
        return
    visits = 0
    steps = demo.fill(club, simulator, members=members)
    for made in progress(steps, "Demo club: members", total=members):
        visits += made
    with club.store.read() as uow:
        desk = demo.desk_of(uow, club.timeline().latest.programme)
    members += let_some_try(club, desk, members)
    demo.begin_season(club)
    demo.announce_event(club)
    count_nights(club)
    gather_circle(club)
    subscribe_some(club)
    answer_surveys(club)
    hear_members(club)
    count_results(club)
    click.echo(
        f"Demo club: {members} members with {visits} visits in the past year. "
        "Its programme has more than the file: handlers/commands/demo.toml."
    )
