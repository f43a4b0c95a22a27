"""What an installation needs before it goes live, and while it lives: looked at one by one, told in
the reader's language. The doctor of the commands and the owner's page ask the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from bot.archives import archives_in, folder_of
from bot.line.client import LineClient
from bot.line.errors import LineError, LineUnavailable
from bot.settings import PROXIES_MAX, Settings
from bot.simulator import Simulator
from bot.store.engine.migrate import behind
from bot.store.finding.ticks import jump_at
from bot.store.history import return_fits
from bot.store.history.programs import NoProgramme
from bot.store.members import line_plans
from bot.store.orders import connections
from bot.store.staff import audit
from handlers.actions.staff.signing import SIGN_IN
from handlers.club import Club
from rules.base import Lang
from rules.checking.reading import InvalidProgramme, review
from rules.explaining.explain_journeys import alarm_text
from rules.explaining.explain_returning import models_sentences
from rules.programme.subscriptions import unnamed
from rules.wording.texts import say
from rules.wording.words import Words

from .month_quota import alarm

FindingState = Literal["ok", "todo", "look"]
#: A night may fail, two in a row mayn't.
BACKUP_AGE_MAX = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at."""

    #: `ok`: done; `todo`: missing, and what to do; `look`: only a person can see it.
    state: FindingState
    #: The key of its text, and what stands in it.
    text: str
    values: dict[str, Any]
    #: What was looked at, where the text doesn't say it.
    about: str = ""

    @property
    def topic(self) -> str:
        """What was looked at."""
        return self.about or self.text.split(".")[1]

    def title(self, lang: Lang) -> str:
        """What that is called."""
        return say(lang, f"doctor.topic.{self.topic}")

    def sentence(self, lang: Lang) -> str:
        """What was found, and what to do."""
        return say(lang, self.text, **self.values)


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation to look at. `simulator` is the platform where there are no credentials."""

    settings: Settings
    club: Club
    simulator: Simulator | None = None
    #: Who said which LINE channel it is: None where the simulator stands for LINE.
    channel: Literal["environment", "console"] | None = None
    #: The language of what is quoted from the club's own words.
    lang: Lang = "en"


def examine(patient: Patient, *, fix: bool = False) -> Iterator[Finding]:
    """Everything that going live needs, in the order in which one would do it. With `fix` what LINE
    lets us set is set; in the simulator that is a rehearsal."""
    yield from examine_here(patient)
    yield from ask_line(patient, fix=fix)


def examine_here(patient: Patient) -> Iterator[Finding]:
    """What can be seen without asking anybody."""
    yield _database(patient)
    yield from _programme(patient)
    yield from _plans(patient)
    yield from _returns(patient)
    yield from _clock(patient)
    yield from _proxies(patient)
    yield from _connections(patient)
    yield from _backup(patient)
    yield from _alarms(patient)


def ask_line(patient: Patient, *, fix: bool = False) -> Iterator[Finding]:
    """What LINE says, and what only a person can see there. Not for inside a transaction."""
    if patient.simulator is None:
        yield from _line(patient, fix=fix)
        yield from _by_hand(patient.settings)
        return
    yield Finding("todo", "doctor.credentials.none", {})
    if fix:
        yield _webhook(patient.club.line, patient.simulator.webhook_url, fix=fix)


def _database(patient: Patient) -> Finding:
    store = patient.club.store
    try:
        is_old = behind(store)
    except Exception as problem:
        return Finding("todo", "doctor.database.unreachable", {"kind": type(problem).__name__})
    if is_old:
        return Finding("todo", "doctor.database.old", {})
    kind = "SQLite" if store.is_sqlite else "PostgreSQL"
    return Finding("ok", "doctor.database.ready", {"kind": kind})


def _programme(patient: Patient) -> Iterator[Finding]:
    try:
        club = patient.club
        latest = club.timeline().latest
        in_force = club.timeline().at(club.now())
        yield Finding("ok", "doctor.programme.in_force", {"number": in_force.number})
    except NoProgramme:
        yield Finding("todo", "doctor.programme.none", {})
        return
    except Exception:
        yield Finding("todo", "doctor.programme.unreadable", {})
        return
    try:
        text = patient.settings.program_file.read_text(encoding="utf-8")
    except OSError:
        yield Finding("look", "doctor.programme.no_file", {})
        return
    written = review(text)
    if isinstance(written, InvalidProgramme):
        yield Finding("todo", "doctor.programme.file_wrong", {})
    elif written != latest.programme:
        yield Finding("look", "doctor.programme.file_differs", {})


def _plans(patient: Patient) -> Iterator[Finding]:
    """Plans of LINE's membership that people have, and that no subscription names."""
    club = patient.club
    try:
        programme = club.timeline().at(club.now()).programme
        with club.store.read() as uow:
            found = line_plans.counted(uow)
    except Exception:
        # Of the database and the programme something else is said.
        return
    for plan, count in unnamed(programme.subscriptions, found).items():
        yield Finding("todo", "doctor.plans.unnamed", {"plan": str(plan), "count": count})


def _returns(patient: Patient) -> Iterator[Finding]:
    """By what the club foretells who comes again, and how well."""
    club = patient.club
    try:
        timeline = club.timeline()
        words = Words(timeline.at(club.now()).programme, patient.lang)
    except Exception:
        # The lines above say what is wrong with it.
        return
    yield Finding("ok", "doctor.returns.by", {"models": models_sentences(words, timeline.models)})
    with club.store.read() as uow:
        fit = return_fits.newest(uow)
    if fit is None:
        return
    for days in fit.worse:
        values = {"days": days, "day": str(fit.models.fitted_on)}
        yield Finding("look", "doctor.returns.gone_by", values)


def _clock(patient: Patient) -> Iterator[Finding]:
    club = patient.club
    try:
        now = club.now()
        day = club.timeline().at(now).programme.shop.business_date(now)
        with club.store.read() as uow:
            jump = jump_at(uow, day)
    except Exception:
        # The lines above say what is wrong with it.
        return
    if jump is not None:
        yield Finding("todo", "doctor.clock.jumped", {"day": str(jump.day), "days": jump.days})


def _proxies(patient: Patient) -> Iterator[Finding]:
    """Whether the reverse proxies that the last signing in came through are those that are named:
    else everybody has one address, and who guesses passwords stands in everybody's way."""
    try:
        with patient.club.store.read() as uow:
            seen = audit.last_details(uow, SIGN_IN).get("forwarded")
    except Exception:
        # The database's own line says what is wrong with it.
        return
    named = patient.settings.trusted_proxies
    if not isinstance(seen, int):
        return
    if seen == named:
        if seen:
            yield Finding("ok", "doctor.proxies.seen", {"named": named})
        elif patient.settings.base_url.startswith("https://"):
            yield Finding("look", "doctor.proxies.silent", {})
        return
    values = {"seen": seen, "named": named, "most": min(seen, PROXIES_MAX)}
    yield Finding("look" if named else "todo", "doctor.proxies.unlike", values)


def _connections(patient: Patient) -> Iterator[Finding]:
    """Whether the tills and web shops whose orders are heard answer."""
    try:
        with patient.club.store.read() as uow:
            known = [each for each in connections.every(uow) if each.is_on]
    except Exception:
        # The database's own line says what is wrong with it.
        return
    failing = [each for each in known if each.failing_since is not None]
    for each in failing:
        values = {"account": each.fields.account}
        yield Finding("todo", f"doctor.connections.{each.problem}", values)
    if known and not failing:
        yield Finding("ok", "doctor.connections.well", {"count": len(known)})


def _backup(patient: Patient) -> Iterator[Finding]:
    """Whether the nights' back-ups are made. They lie on the machine that keeps the schedule."""
    if patient.simulator is not None:
        return
    club = patient.club
    made = archives_in(folder_of(patient.settings))
    if not made:
        is_here = club.store.is_sqlite
        none = "doctor.backup.none" if is_here else "doctor.backup.elsewhere"
        yield Finding("todo" if is_here else "look", none, {})
        return
    try:
        local = club.timeline().latest.programme.shop.local(made[0].made_at)
    except Exception:
        # The lines above say what is wrong with it.
        return
    is_fresh = club.wall.now() - made[0].made_at <= BACKUP_AGE_MAX
    text = "doctor.backup.fresh" if is_fresh else "doctor.backup.old"
    yield Finding("ok" if is_fresh else "todo", text, {"day": local.date()})


def _alarms(patient: Patient) -> Iterator[Finding]:
    """Whether anybody hears of a night that went wrong. In the simulator nobody needs to."""
    if patient.simulator is not None:
        return
    settings = patient.settings
    people, checks = len(settings.notify_urls), int(settings.ping_url is not None)
    told = {"people": people, "checks": checks}
    is_set = bool(people or checks)
    text = "doctor.alarms.set" if is_set else "doctor.alarms.none"
    yield Finding("ok" if is_set else "todo", text, told)


def _line(patient: Patient, *, fix: bool) -> Iterator[Finding]:
    line, settings = patient.club.line, patient.settings
    yield Finding("ok", "doctor.https.reached", {"address": settings.base_url})
    yield Finding("look", "doctor.proxy.whole", {})

    def account() -> Finding:
        info = line.bot_info()
        values = {"name": info.display_name, "id": info.basic_id}
        is_connected = patient.channel == "console"
        told = "doctor.credentials.connected" if is_connected else "doctor.credentials.valid"
        return Finding("ok", told, values)

    def menu() -> Finding:
        if line.default_rich_menu_id() is None:
            return Finding("todo", "doctor.menu.none", {})
        return Finding("ok", "doctor.menu.set", {})

    def quota() -> Finding:
        found = line.quota()
        if found.limit is None:
            return Finding("ok", "doctor.quota.unlimited", {})
        reserve = patient.club.timeline().latest.programme.sending.quota_reserve
        values = {"limit": found.limit, "used": found.used, "reserve": reserve}
        if reserve >= found.limit:
            return Finding("todo", "doctor.quota.all_kept", values)
        state: FindingState = "ok" if found.limit > found.used else "todo"
        return Finding(state, "doctor.quota.used", values)

    yield _line_answers("credentials", account)
    yield _webhook(line, f"{settings.base_url}/callback", fix=fix)
    yield _line_answers("menu", menu)
    yield _line_answers("quota", quota)
    yield from _short(patient)


def _webhook(line: LineClient, wanted: str, *, fix: bool) -> Finding:
    """Whether LINE sends its events to `wanted`, and what comes of it when it calls there now."""

    def ask() -> Finding:
        endpoint = line.webhook_endpoint()
        if fix and (endpoint is None or endpoint.url != wanted):
            line.set_webhook_endpoint(wanted)
            endpoint = line.webhook_endpoint()
        if endpoint is None or endpoint.url != wanted:
            return Finding("todo", "doctor.webhook.elsewhere", {"address": wanted})
        called = line.test_webhook(wanted)
        if not called.success:
            values = {"address": wanted, "reason": called.reason, "detail": called.detail}
            return Finding("todo", "doctor.webhook.failed", values)
        if not endpoint.active:
            return Finding("todo", "doctor.webhook.off", {"address": wanted})
        return Finding("ok", "doctor.webhook.on", {"address": wanted})

    return _line_answers("webhook", ask)


def _short(patient: Patient) -> Iterator[Finding]:
    """Whether the month's messages will do."""
    club = patient.club
    try:
        now = club.now()
        found = alarm(club, now)
        if found is not None:
            words = Words(club.timeline().at(now).programme, patient.lang)
            yield Finding("look", "doctor.quota.short", {"alarm": alarm_text(words, found)})
    except Exception:
        # The database's own line above says what is wrong with it.
        return


def _line_answers(topic: str, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except LineUnavailable:
        return Finding("todo", "doctor.line_away", {}, topic)
    except LineError as problem:
        return Finding("todo", "doctor.line_no", {"kind": type(problem).__name__}, topic)


def _by_hand(settings: Settings) -> Iterator[Finding]:
    yield Finding("look", "doctor.greeting.switch_off", {})
    if settings.liff_id is None:
        yield Finding("look", "doctor.mini_app.none", {})
    else:
        values = {"liff": settings.liff_id, "address": settings.base_url}
        yield Finding("look", "doctor.mini_app.there", values)
    yield Finding("look", "doctor.redelivery.switch_on", {})
