"""The only wiring: what is built from the settings, and how it hangs together.

`create_app` starts no threads and asks nothing of the network; the server's start does.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

import click
import structlog
from flask import Flask, redirect
from werkzeug import Response
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.alarms import Alarms
from bot.archives import Archives, folder_of
from bot.clock import Clock
from bot.codes import Codes
from bot.hooks.addresses import Reach
from bot.line.channel import ChannelCheck
from bot.line.client import LineClient
from bot.line.mini_app import IN_LINE, MiniApp
from bot.logs import configure_logs, log_requests, logged
from bot.metrics import count_line_call, count_request
from bot.settings import (
    CLUBS,
    PROJECT,
    Settings,
    SettingsError,
    chosen_club,
    load_settings,
    names_database,
)
from bot.simulator import BOT_ID, CHANNEL_ID, LIFF_ID, SMS_ACCOUNT, Simulator
from bot.sms import SmsDoor, sms_door
from bot.store import Store
from bot.store.history.programs import Programmes
from bot.store.messages import attempts, line_channel, webhook_events
from bot.wsgi import lead_past, wrap
from handlers.actions.founding.channel import unseal
from handlers.api import install as install_api
from handlers.art import FOLDER, ArtFolder, stored_art
from handlers.chat.webhook import Webhook
from handlers.chat.worker import EventWorkers
from handlers.club import Club
from handlers.commands import commands
from handlers.commands.installation import Installation, Origin
from handlers.commands.server import Restart, listen, run_until_stopped, start_anew
from handlers.commands.serving import (
    counter_page,
    staff_page,
    tell_addresses,
    wait_to_be_stopped,
)
from handlers.jobs import rich_menu
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery_worker import DeliveryWorker
from handlers.jobs.scheduler import Scheduler
from handlers.pages import install as install_pages
from handlers.pages.owner.setup.ground import Ground
from handlers.pages.owner.setup.ground import install as lay_ground
from handlers.pages.transport import guarded
from handlers.showing.doctor import Patient
from rules.checking.reading import InvalidProgramme, parse

log = structlog.get_logger(__name__)

LINE_LINKS = "https://line.me"
LINE_MINI_APPS = "https://miniapp.line.me"
#: LIFF documentation, "Developing a LIFF app": the address of one version, which stays as it is.
LIFF_SDK = "https://static.line-scdn.net/liff/edge/versions/2.31.0/sdk.js"
SIMULATOR_FILE = CLUBS / "simulator.sqlite3"
#: Asked for often, by machines: an answer as expected is not worth a line in the log.
_QUIET = {
    "health.healthz", "health.readyz", "health.metrics", "counter.code",
    "simulator.page.state", "staff.static", "staff.file", "staff.icon", "staff.colours",
    "card.use_code", "card.use_state", "card.code", "card.state", "card.static",
    "owner.setup_ready",
}  # fmt: skip


def create_app(settings: Settings | None = None, *, simulator_file: Path | None = None) -> Flask:
    """The whole web application. Without `settings`, those of the environment and `.env`.

    The simulator, where it is on, keeps its own `simulator_file`.

    A command typed on a machine whose settings are wrong still gets an application, one that only
    has the commands: `program check` needs no settings, and the others say what is wrong.
    """
    origin, file = Origin(), simulator_file or SIMULATOR_FILE
    try:
        if settings is None:
            chosen = chosen_club()
            file = simulator_file or (chosen.simulator if chosen else SIMULATOR_FILE)
            settings, origin = as_told()
    except SettingsError as problem:
        if click.get_current_context(silent=True) is None:
            raise
        return _commands_only(problem)
    return _web(replace(build(settings, simulator_file=file), origin=origin))


def as_told() -> tuple[Settings, Origin]:
    """The settings of the environment, of the club that was chosen in the console, and of LINE's
    channel as that club knows it; and how one sees that any of it is another now.

    SettingsError also where the channel was sealed under a key that is set no more: with no channel
    at all the simulator would stand for LINE, over real members.
    """
    club, settings = chosen_club(), load_settings()
    clubs = None if names_database() else CLUBS
    if settings.line_channel_secret is not None:
        return settings, Origin("environment", lambda: chosen_club() != club, clubs)
    sealed = line_channel.channel_at(settings.database_url)

    def is_stale() -> bool:
        return chosen_club() != club or line_channel.is_another_at(settings.database_url, sealed)

    if sealed is None:
        return settings, Origin(None, is_stale, clubs)
    channel = unseal(_codes(settings), sealed)
    if channel is None:
        raise SettingsError(
            ("LINE was connected in the console under another SECRET_KEY: put that one into "
             "SECRET_KEYS_OLD, or set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN.",)
        )  # fmt: skip
    kept = {"line_channel_secret": channel.secret, "line_channel_access_token": channel.token}
    return load_settings(kept=kept), Origin("console", is_stale, clubs)


def _codes(settings: Settings) -> Codes:
    old = [key.get_secret_value() for key in settings.secret_keys_old]
    return Codes(settings.secret_key.get_secret_value(), old)


def _commands_only(problem: SettingsError) -> Flask:
    app = Flask("kayoi", static_folder=None)

    def unusable() -> Installation:
        raise problem

    commands.register(app, unusable, serve=lambda: None, work=lambda: None)
    return app


def build(settings: Settings, *, simulator_file: Path) -> Installation:
    """Everything that the settings describe, none of it started."""
    simulator = _simulator(settings, simulator_file) if settings.simulator else None
    token = settings.line_channel_access_token
    line = LineClient(
        token.get_secret_value() if token else _derived(settings, "access token"),
        f"{_loopback(settings)}/simulator/api" if simulator else settings.line_api_base,
        observe=lambda call, outcome: count_line_call(call=call, outcome=outcome),
    )
    store = Store(settings.database_url)
    club = Club(
        store=store,
        clock=Clock(simulator.offset) if simulator else Clock(),
        programmes=Programmes(store),
        line=line,
        codes=_codes(settings),
        base_url=settings.base_url,
        link_base=f"{settings.base_url}/simulator" if simulator else LINE_LINKS,
        bot_id=(lambda: BOT_ID) if simulator else cache(lambda: line.bot_info().basic_id),
        art=ArtFolder(settings.program_file.parent / FOLDER, stored_art(store)),
        sms=_simulated_sms(settings) if simulator else sms_door(settings),
        mini_app=_simulated_mini_app(settings) if simulator else _mini_app(settings),
        # Where nothing is real a receiver may be on our own machine.
        reach=Reach(own_machine=simulator is not None),
    )
    # What a demo plays is worth no copy.
    archives = None if simulator else Archives(store, folder_of(settings), club.art.folder)
    alarms = Alarms(settings.notify_urls, settings.ping_url)
    clockwork = Clockwork(club, archives=archives, alarms=alarms)
    return Installation(settings, club, clockwork, simulator)


def _web(installation: Installation) -> Flask:
    settings, club = installation.settings, installation.club
    app = Flask("kayoi", static_folder=None, root_path=str(PROJECT))
    app.extensions["kayoi"] = installation
    app.extensions["kayoi.patient"] = _patient(installation)
    app.extensions["kayoi.archives"] = installation.archives
    workers = EventWorkers(club)
    app.extensions["kayoi.workers"] = workers
    log_requests(app, count_request, quiet=_QUIET)
    webhook = Webhook(club, channel_secret=channel_secret(settings), wake=workers.wake)
    meant = guarded(webhook, base_url=club.base_url, hosts=settings.allowed_hosts)
    lead_past(app, webhook.rule, logged(meant, webhook.rule, count_request))
    if settings.trusted_proxies:
        # Only whom they speak for: what they say of the rest, BASE_URL says too.
        proxies = settings.trusted_proxies
        wrap(app, lambda inner: ProxyFix(inner, x_for=proxies, x_proto=0, x_host=0))
    token = settings.metrics_token
    # Nothing that the simulator's club counts is anybody's secret.
    default = "" if installation.simulator else None
    install_pages(
        app,
        club,
        hosts=settings.allowed_hosts,
        metrics_token=token.get_secret_value() if token else default,
        idle=timedelta(minutes=settings.session_idle_minutes),
    )
    install_api(app, club)
    restart = Restart(installation.origin.is_stale)
    lay_ground(app, _ground(installation, restart))
    if installation.simulator is not None:
        shop_pages = {
            "counter": lambda: counter_page(club, None),
            "staff": lambda: staff_page(club),
            "owner": lambda: f"{club.base_url}/owner/",
        }
        pages = installation.simulator.blueprint(installation.travel, shop_pages)
        app.register_blueprint(pages)
    _lead_on(app, "/simulator" if installation.simulator else "/staff")
    commands.register(
        app,
        lambda: installation,
        serve=lambda: _serve(app, installation, workers, restart),
        work=lambda: _work(installation, workers, restart),
    )
    return app


def _ground(installation: Installation, restart: Restart) -> Ground:
    """What the first steps can do in this process."""
    settings = installation.settings
    return Ground(
        clubs=installation.origin.clubs,
        line=ChannelCheck(settings.line_api_base),
        channel_is_given=installation.origin.channel == "environment",
        is_live=installation.simulator is None,
        is_stale=installation.origin.is_stale,
        restart=restart.soon,
        deploy_menus=lambda: rich_menu.deploy(installation.club),
    )


def _patient(installation: Installation) -> Patient:
    found = installation
    return Patient(found.settings, found.club, found.simulator, found.origin.channel)


def _lead_on(app: Flask, path: str) -> None:
    """Whoever types the bare address gets to where there is something to see."""

    @app.get("/")
    def front() -> Response:
        return redirect(path)


def _serve(app: Flask, installation: Installation, workers: EventWorkers, restart: Restart) -> None:
    """A web process, until it is told to stop: pages and webhook with event workers and, where it
    is the whole installation, delivery and schedule."""
    if installation.origin.is_stale():
        # It was told otherwise while we started, or the database has only just answered.
        start_anew()
    settings, store = installation.settings, installation.club.store
    server = listen(app, settings.host, settings.port)
    parts: list[_Part] = [restart, workers]
    if store.is_sqlite:
        # The one process there is: whatever is leased, a dead one left.
        with store.begin() as uow:
            webhook_events.free_leases(uow)
            attempts.free_leases(uow, now=installation.club.now())
        parts += clock_parts(installation)
    # At a demo's terminal the links are what one looks for; only what is wrong may push them away.
    configure_logs(level=logging.WARNING if installation.simulator else logging.INFO)
    with _running(parts):
        if installation.simulator is not None:
            threading.Thread(target=_greet, args=(installation,), daemon=True).start()
        tell_addresses(installation)
        run_until_stopped(server)
    restart.go_on()


def clock_parts(installation: Installation) -> tuple[Scheduler, DeliveryWorker]:
    """What goes by the clock beside the pages, wherever one process is the whole installation."""
    clockwork = installation.clockwork
    return Scheduler(installation.club.store, clockwork), DeliveryWorker(clockwork)


def _work(installation: Installation, workers: EventWorkers, restart: Restart) -> None:
    """The worker process: events, delivery and schedule, until it is told to stop."""
    if installation.origin.is_stale():
        start_anew()
    with _running([restart, workers, *clock_parts(installation)]):
        wait_to_be_stopped()
    restart.go_on()


class _Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


@contextmanager
def _running(parts: Sequence[_Part]) -> Iterator[None]:
    """Starts the parts, and stops them at the end of the block, the last one first."""
    with ExitStack() as started:
        for part in parts:
            part.start()
            started.callback(part.stop)
        yield


def _greet(installation: Installation) -> None:
    """Hangs up the rich menu in the simulator, once the server answers."""
    for _ in range(50):
        try:
            rich_menu.deploy(installation.club)
        except Exception:
            threading.Event().wait(0.2)
        else:
            return
    log.warning("rich_menu_not_deployed")


def _simulator(settings: Settings, file: Path) -> Simulator:
    return Simulator(
        file,
        channel_secret=channel_secret(settings),
        access_token=_derived(settings, "access token"),
        base_url=settings.base_url,
        webhook_url=f"{_loopback(settings)}/callback",
        bot_name=_shop_name(settings.program_file),
    )


def _simulated_sms(settings: Settings) -> SmsDoor:
    """SMS to the phones that are played, whatever account the settings name."""
    base = f"{_loopback(settings)}/simulator/sms"
    return SmsDoor(SMS_ACCOUNT, _derived(settings, "access token"), "KAYOI", base)


def _mini_app(settings: Settings) -> MiniApp | None:
    channel, liff = settings.line_mini_app_channel_id, settings.liff_id
    if channel is None or liff is None:
        return None
    link = f"{LINE_MINI_APPS}/{liff}"
    return MiniApp(channel, liff, link, LIFF_SDK, IN_LINE, settings.line_api_base)


def _simulated_mini_app(settings: Settings) -> MiniApp:
    """One in the simulator, which any browser may play."""
    return MiniApp(
        CHANNEL_ID,
        LIFF_ID,
        f"{settings.base_url}/simulator/mini-app/{LIFF_ID}",
        "/simulator/static/liff.js",
        re.compile(""),
        f"{_loopback(settings)}/simulator/api",
    )


def _shop_name(program_file: Path) -> str:
    try:
        programme = parse(program_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return "Kayoi"
    return "Kayoi" if isinstance(programme, InvalidProgramme) else programme.shop.name.ja


def channel_secret(settings: Settings) -> str:
    """What LINE, or the simulator in its place, signs webhooks with."""
    secret = settings.line_channel_secret
    return secret.get_secret_value() if secret else _derived(settings, "channel secret")


def _derived(settings: Settings, purpose: str) -> str:
    """A secret for the simulator, which needs one that nobody has to set."""
    key = settings.secret_key.get_secret_value().encode()
    return hashlib.blake2b(purpose.encode(), key=key[:64], digest_size=16).hexdigest()


def _loopback(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
