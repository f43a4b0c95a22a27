"""What journeys there are, whom they would write to, and queuing by hand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import click
from flask.cli import AppGroup
from tqdm import tqdm

from bot.store.members import members
from bot.store.messages import outbox_by_member, outbox_figures
from handlers.club import Club
from handlers.jobs.journeys import queue
from handlers.showing.journey_audience import (
    JourneyRun,
    JourneyVerdict,
    journey_run,
    journeys_to_queue,
    judge,
    pages,
)
from handlers.showing.month_quota import alarm, quota_state
from rules.explaining.explain_journeys import alarm_text, journey_name, why_not
from rules.journeys.journey import Journey
from rules.journeys.member import DueMessage, MemberOnDay, NotDue
from rules.journeys.message import QueuedWording, view
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from rules.shop import Shop
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installation, Installed
from ..moments import moment_of
from .chosen import ONE, chosen
from .deciding import decide_command, roll_out_command
from .results import results_command

#: So many of those who get a message are named, of each journey.
_NAMED = 10
#: How far back a day may be made good: what was due then is mostly too late by now.
_BACK_MAX = timedelta(days=7)
#: Why somebody to whom it is due gets nothing all the same.
_WAYS = {
    "held_out": "held back, to measure against",
    "other_audience": "drawn to a version that is for others",
    "already": "has it already",
    "topic": "Said no to this topic",
    "blocked": "Has blocked the account",
    "unreachable": "Can't be reached by LINE or SMS",
}

_AT = click.option("--at", help='A moment of the shop\'s clock, such as "2026-12-01 10:00".')


def journeys_commands(ready: Installed) -> AppGroup:
    """The group `journeys`."""
    group = AppGroup("journeys", help="What members are written by themselves, and when.")

    @group.command("list")
    @command_errors
    def list_() -> None:
        """List the programme's journeys, the most important first."""
        club = ready().club
        programme = club.timeline().at(club.now()).programme
        words = Words(programme, "en")
        for journey in journeys_of(programme):
            channels, name = " ".join(journey.channels), journey_name(words, journey.id)
            click.echo(f"{journey.priority}  {journey.id:20} {channels:9} {name}")

    @group.command("preview")
    @_AT
    @ONE
    @click.option("--member", help="A card number: what this member gets, and why not.")
    @command_errors
    def preview(at: str | None, journey: str | None, member: str | None) -> None:
        """Show who would get what, and who not and why. Nothing is written."""
        club = ready().club
        now = club.now()
        moment = moment_of(at, _shop(club), now)
        if moment < now:
            raise click.ClickException("The past can't be previewed: --at must be now or later.")
        programme = club.timeline().at(now).programme
        day = programme.shop.business_date(moment)
        wanted = chosen(journeys_of(programme), journey)
        lines = (
            _of_member(club, programme, wanted, day, member)
            if member
            else _of_all(club, programme, wanted, day)
        )
        for line in lines:
            click.echo(line)

    @group.command("run")
    @_AT
    @ONE
    @command_errors
    def run(at: str | None, journey: str | None) -> None:
        """Queue what is due now, or travel to a moment in the simulator; each message once. The
        warnings before points or a rank go are queued by the night's work alone."""
        installation = ready()
        club = installation.club
        now = club.now()
        moment = moment_of(at, _shop(club), now)
        if moment > now:
            _travel(installation, moment)
        else:
            _queue(club, journey, moment, now)

    group.add_command(results_command(ready))
    group.add_command(decide_command(ready))
    group.add_command(roll_out_command(ready))
    return group


def _shop(club: Club) -> Shop:
    return club.timeline().at(club.now()).programme.shop


def _travel(installation: Installation, moment: datetime) -> None:
    if installation.simulator is None:
        raise click.ClickException("--at may not be in the future: only the simulator travels.")
    before = _sent(installation.club)
    installation.travel(moment)
    click.echo(f"Travelled there; {_sent(installation.club) - before} message(s) were sent.")


def _queue(club: Club, journey: str | None, moment: datetime, now: datetime) -> None:
    if now - moment > _BACK_MAX:
        raise click.ClickException(f"--at may be {_BACK_MAX.days} days ago at the most.")
    programme = club.timeline().at(now).programme
    day = programme.shop.business_date(moment)
    for each in tqdm(chosen(journeys_to_queue(programme), journey), unit=" journeys", disable=None):
        outcomes = queue.run(club, each, day=day, now=now)
        tqdm.write(f"{each.id}: {outcomes['new']} new of {outcomes['queued']} due.")


def _sent(club: Club) -> int:
    with club.store.read() as uow:
        return outbox_figures.counts(uow).get("sent", 0)


@dataclass
class _JourneyPreview:
    """What a journey has for everybody. `named` are the first who would get a message."""

    counts: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)


def _of_all(
    club: Club, programme: Programme, wanted: tuple[Journey, ...], day: date
) -> Iterator[str]:
    words = Words(programme, "en")
    channels: Counter[str] = Counter()
    with tqdm(unit=" members", leave=False, disable=None) as progress:
        for journey in wanted:
            asking = journey_run(club, programme, journey, day)
            preview = _foresee(asking, progress)
            channels += preview.channels
            yield f"{journey.id}: {preview.counts['queued']} message(s)"
            yield from (f"    {line}" for line in preview.named)
            if preview.counts["queued"] > len(preview.named):
                yield "    …"
            yield from _others(words, preview.counts)
    yield from _month(club, programme, channels)


def _foresee(asking: JourneyRun, progress: "tqdm[None]") -> _JourneyPreview:
    preview = _JourneyPreview()
    for ids in pages(asking):
        with asking.club.store.read() as uow:
            judged = judge(uow, asking, sorted(ids))
            queued = outbox_by_member.periods(uow, ids, journey=asking.journey.queued_as)
        for each in judged:
            _count(asking, each, queued, preview)
        progress.update(len(ids))
    return preview


def _count(
    asking: JourneyRun, each: JourneyVerdict, queued: set[tuple[int, str]], preview: _JourneyPreview
) -> None:
    answer = each.answer
    if isinstance(answer, DueMessage) and (each.listener.member.id, answer.period) in queued:
        preview.counts["already"] += 1
        return
    outcome = queue.outcome(each)
    preview.counts[outcome] += 1
    if outcome == "queued" and isinstance(answer, DueMessage):
        preview.channels[each.channel or "line"] += 1
        if len(preview.named) < _NAMED:
            preview.named.append(_line(asking, each, answer))


def _line(asking: JourneyRun, each: JourneyVerdict, answer: DueMessage) -> str:
    """One message: to which card, how, which arm, how it begins, and when, if not today."""
    member, arm = each.listener.member, each.draw.arm if each.draw else ""
    models, shop = asking.timeline.models, asking.programme.shop
    day = shop.business_date(answer.not_before) if answer.not_before else asking.day
    who = MemberOnDay(asking.programme, each.facts, day, models, each.background)
    shown = view(
        asking.journey, who, QueuedWording(answer.period, arm), name=each.listener.display_name
    )
    title = shown.title if shown else "-"
    begins = f"  (not before {day})" if answer.not_before else ""
    return f"card {member.number}  {each.channel}  {arm}  {title}{begins}"


def _others(words: Words, counts: Counter[str]) -> Iterator[str]:
    """Why the others get nothing, the most frequent reasons first."""
    for reason, count in counts.most_common():
        if reason != "queued":
            why = _WAYS.get(reason) or why_not(words, NotDue(reason))
            yield f"  {count:6} not: {why}"


def _month(club: Club, programme: Programme, channels: Counter[str]) -> Iterator[str]:
    state = quota_state(club, club.now())
    yield f"In all {channels['line']} message(s) by LINE, {channels['sms']} by SMS."
    if state.left is not None:
        yield f"This month {state.left} of {state.plan} are left before them."
    shortage = alarm(club, club.now())
    if shortage is not None:
        yield alarm_text(Words(programme, "en"), shortage)


def _of_member(
    club: Club, programme: Programme, wanted: tuple[Journey, ...], day: date, number: str
) -> Iterator[str]:
    """For each journey, what it has for the member with that card, or why it has nothing."""
    words = Words(programme, "en")
    with club.store.read() as uow:
        member_id = members.by_code(uow, "number", number)
        if member_id is None:
            raise click.ClickException("There is no card with this number.")
        for journey in wanted:
            asking = journey_run(club, programme, journey, day)
            queued = outbox_by_member.periods(uow, [member_id], journey=journey.queued_as)
            for each in judge(uow, asking, [member_id]):
                yield f"{journey.id}: {_answer(words, asking, each, queued)}"


def _answer(
    words: Words, asking: JourneyRun, each: JourneyVerdict, queued: set[tuple[int, str]]
) -> str:
    answer = each.answer
    if not isinstance(answer, DueMessage):
        return _WAYS.get(answer.reason) or why_not(words, answer)
    if (each.listener.member.id, answer.period) in queued:
        return f"has it already ({answer.period})"
    if each.draw and each.draw.withheld:
        return f"{_WAYS[each.draw.withheld]} ({answer.period})"
    return f"would be sent ({answer.period}): {_line(asking, each, answer)}"
