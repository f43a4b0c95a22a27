"""`flask doctor`: is this installation ready for LINE, and what is missing?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import click

from bot import VERSION
from bot.line.client import LineClient
from bot.line.errors import LineError, LineUnavailable
from bot.settings import PROXIES_MAX, Settings
from bot.store.engine.migrate import at_head
from bot.store.history import return_fits
from bot.store.history.programs import NoProgramme
from bot.store.staff import audit
from handlers.actions.staff.signing import SIGN_IN
from handlers.jobs.night.jump import jump_at
from handlers.showing.month_quota import alarm
from rules.checking.reading import InvalidProgramme, review
from rules.explaining.explain_journeys import alarm_text
from rules.explaining.explain_returning import models_sentences
from rules.wording.words import Words

from .errors import command_errors
from .installation import Installation, Installed

FindingState = Literal["ok", "todo", "look"]
_MARKS: dict[FindingState, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "todo": ("✗", "red"),
    "look": ("?", "yellow"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at."""

    #: `ok`: done; `todo`: missing, and what to do; `look`: only a person can see it.
    state: FindingState
    what: str


def doctor_command(installed: Installed) -> click.Command:
    """The command `doctor`."""

    @click.command("doctor")
    @click.option("--fix", is_flag=True, help="Set LINE's webhook to here where it is elsewhere.")
    @command_errors
    def doctor(fix: bool) -> None:
        """Is this installation ready for LINE, and what is missing?"""
        click.echo(f"Kayoi {VERSION}")
        findings = list(examine(installed(), fix=fix))
        for finding in findings:
            mark, colour = _MARKS[finding.state]
            click.echo(f"{click.style(mark, fg=colour)} {finding.what}")
        missing = sum(finding.state == "todo" for finding in findings)
        if missing:
            raise click.ClickException(f"{missing} thing(s) to do before going live.")
        click.echo("Ready, as far as a program can see. Look at the lines marked ? yourself.")

    return doctor


def examine(installation: Installation, *, fix: bool = False) -> Iterator[Finding]:
    """Everything that going live needs, in the order in which one would do it. With `fix` what LINE
    lets us set is set; in the simulator that is a rehearsal."""
    yield _database(installation)
    yield from _programme(installation)
    yield from _returns(installation)
    yield from _clock(installation)
    yield from _proxies(installation)
    if installation.simulator is not None:
        yield Finding(
            "todo",
            "LINE credentials: none are set, so the simulator is the platform. Make a LINE "
            "Official Account, switch the Messaging API on in its manager, and connect it in the "
            "first steps (`flask --app app setup-link`), or set LINE_CHANNEL_SECRET and "
            "LINE_CHANNEL_ACCESS_TOKEN from the LINE Developers Console.",
        )
        if fix:
            yield _webhook(installation.club.line, installation.simulator.webhook_url, fix=fix)
        return
    yield from _line(installation, fix=fix)
    yield from _by_hand(installation.settings)


def _database(installation: Installation) -> Finding:
    store = installation.club.store
    try:
        ready = at_head(store)
    except Exception as problem:
        return Finding(
            "todo", f"Database: not reachable ({type(problem).__name__}). Check DATABASE_URL."
        )
    if not ready:
        return Finding("todo", "Database: run `flask --app app migrate`.")
    return Finding("ok", f"Database: {'SQLite' if store.is_sqlite else 'PostgreSQL'}, up to date.")


def _programme(installation: Installation) -> Iterator[Finding]:
    try:
        club = installation.club
        latest = club.timeline().latest
        in_force = club.timeline().at(club.now())
        yield Finding("ok", f"Programme: version {in_force.number} is in force.")
    except NoProgramme:
        yield Finding("todo", "Programme: none published. Run `flask --app app program publish`.")
        return
    except Exception:
        yield Finding("todo", "Programme: could not be read; see the database above.")
        return
    try:
        text = installation.settings.program_file.read_text(encoding="utf-8")
    except OSError:
        yield Finding("look", "Programme: PROGRAM_FILE can't be read; the published one is used.")
        return
    written = review(text)
    if isinstance(written, InvalidProgramme):
        yield Finding(
            "todo", "Programme: the file has problems. Run `flask --app app program check`."
        )
    elif written != latest.programme:
        yield Finding(
            "look", "Programme: the file differs from what is published; `program publish` it?"
        )


def _returns(installation: Installation) -> Iterator[Finding]:
    """By what the club foretells who comes again, and how well."""
    club = installation.club
    try:
        timeline = club.timeline()
        words = Words(timeline.at(club.now()).programme, "en")
    except Exception:
        # The lines above say what is wrong with it.
        return
    yield Finding("ok", f"Returns: {models_sentences(words, timeline.models)}")
    with club.store.read() as uow:
        fit = return_fits.newest(uow)
    if fit is None:
        return
    for days in fit.worse:
        yield Finding(
            "look",
            f"Returns: within {days} days, what other clubs saw foretold the last of them better "
            f"than what was learned on {fit.models.fitted_on}, so it is gone by.",
        )


def _clock(installation: Installation) -> Iterator[Finding]:
    club = installation.club
    try:
        now = club.now()
        day = club.timeline().at(now).programme.shop.business_date(now)
        with club.store.read() as uow:
            jump = jump_at(uow, day)
    except Exception:
        # The lines above say what is wrong with it.
        return
    if jump is not None:
        yield Finding(
            "todo",
            f"Clock: it is {jump.day}, {jump.days} days after the last night that was finished. "
            "The night's work and all messages wait. Set the clock right, or, if this is the day, "
            f"run `flask --app app ledger accept {jump.day}`.",
        )


def _proxies(installation: Installation) -> Iterator[Finding]:
    """Whether the reverse proxies that the last signing in came through are those that are named:
    else everybody has one address, and who guesses passwords stands in everybody's way."""
    try:
        with installation.club.store.read() as uow:
            seen = audit.last_details(uow, SIGN_IN).get("forwarded")
    except Exception:
        # The database's own line says what is wrong with it.
        return
    named = installation.settings.trusted_proxies
    if not isinstance(seen, int):
        return
    if seen == named:
        if seen:
            yield Finding("ok", f"Proxies: {named} named, and as many seen.")
        elif installation.settings.base_url.startswith("https://"):
            yield Finding(
                "look",
                "Proxies: BASE_URL is https, but whoever signed in last came without an "
                "X-Forwarded-For line. Let the proxy send one, and set TRUSTED_PROXIES=1.",
            )
        return
    yield Finding(
        "look" if named else "todo",
        f"Proxies: whoever signed in last came through {seen}, and TRUSTED_PROXIES names {named}, "
        "so that log-in attempts count for all customers together. If they are yours, set "
        f"TRUSTED_PROXIES={min(seen, PROXIES_MAX)}.",
    )


def _line(installation: Installation, *, fix: bool) -> Iterator[Finding]:
    line, settings = installation.club.line, installation.settings
    wanted = f"{settings.base_url}/callback"
    yield Finding("ok", f"https: people reach this installation at {settings.base_url}.")
    yield Finding(
        "look",
        "Proxy: let it read each request whole before handing it on (nginx does by itself), so "
        "that whoever sends theirs slowly takes no connection here.",
    )

    def account() -> Finding:
        info, source = line.bot_info(), installation.origin.channel
        whence = "connected in the console" if source == "console" else "from the environment"
        told = f"Credentials: valid, for {info.display_name} ({info.basic_id}), {whence}."
        return Finding("ok", told)

    def menu() -> Finding:
        if line.default_rich_menu_id() is None:
            return Finding("todo", "Rich menu: run `flask --app app richmenu deploy`.")
        return Finding("ok", "Rich menu: a default one is set.")

    def quota() -> Finding:
        found = line.quota()
        if found.limit is None:
            return Finding("ok", "Messages: the plan has no limit.")
        reserve = installation.club.timeline().latest.programme.sending.quota_reserve
        if reserve >= found.limit:
            return Finding(
                "todo",
                f"Messages: the plan has {found.limit} a month, and the programme keeps {reserve} "
                "for your own broadcasts, so that nothing the club sends by itself goes out. "
                "Lower quota_reserve in [sending], or take a larger plan.",
            )
        return Finding(
            "ok" if found.limit > found.used else "todo",
            f"Messages: {found.used} of {found.limit} used this month. Replies are free; what the "
            "club sends by itself counts, and so do your own broadcasts.",
        )

    yield _line_answers("Credentials", account)
    yield _webhook(line, wanted, fix=fix)
    yield _line_answers("Rich menu", menu)
    yield _line_answers("Messages", quota)
    yield from _short(installation)


def _webhook(line: LineClient, wanted: str, *, fix: bool) -> Finding:
    """Whether LINE sends its events to `wanted`, and what comes of it when it calls there now."""

    def ask() -> Finding:
        endpoint = line.webhook_endpoint()
        if fix and (endpoint is None or endpoint.url != wanted):
            line.set_webhook_endpoint(wanted)
            endpoint = line.webhook_endpoint()
        if endpoint is None or endpoint.url != wanted:
            return Finding(
                "todo",
                f"Webhook: LINE is to call {wanted}. `flask --app app doctor --fix` tells it so.",
            )
        called = line.test_webhook(wanted)
        if not called.success:
            return Finding(
                "todo",
                f"Webhook: LINE called {wanted} and it failed: {called.reason} ({called.detail}). "
                "Is the club served, and does https lead to it from outside?",
            )
        if not endpoint.active:
            return Finding(
                "todo",
                f'Webhook: {wanted} answers. Switch on "Use webhook" in the Developers Console.',
            )
        return Finding("ok", f"Webhook: {wanted}, on; LINE called it, and it answered.")

    return _line_answers("Webhook", ask)


def _short(installation: Installation) -> Iterator[Finding]:
    """Whether the month's messages will do."""
    club = installation.club
    try:
        now = club.now()
        found = alarm(club, now)
        if found is not None:
            words = Words(club.timeline().at(now).programme, "en")
            yield Finding("look", f"Messages: {alarm_text(words, found)}")
    except Exception:
        # The database's own line above says what is wrong with it.
        return


def _line_answers(what: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except LineUnavailable:
        return Finding("todo", f"{what}: LINE could not be reached. Check the network.")
    except LineError as problem:
        return Finding("todo", f"{what}: LINE answered with {type(problem).__name__}.")


def _by_hand(settings: Settings) -> Iterator[Finding]:
    yield Finding(
        "look",
        "Greeting and auto-reply messages: switch both off in the LINE Official Account Manager "
        "(Response settings), or they answer beside the club.",
    )
    if settings.liff_id is None:
        yield Finding(
            "look",
            "MINI App: none; the chat's links open the card's page. With a LINE MINI App channel "
            "under the same provider it opens inside LINE: set LINE_MINI_APP_CHANNEL_ID and "
            "LIFF_ID.",
        )
    else:
        yield Finding(
            "look",
            f"MINI App {settings.liff_id}: in the Developers Console its endpoint URL is "
            f'{settings.base_url}/card, its size Full, its scope openid, "Scan QR" and the share '
            "target picker are on, this account is linked to it, and it stands under the Messaging "
            "API channel's provider (else LINE names its users otherwise).",
        )
    yield Finding(
        "look",
        'Redelivery: switch on "Webhook redelivery" in the Developers Console; repeats do no harm.',
    )
