"""The broadcasts there are, and one of them: whom it finds, what it costs, how far it is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts, quota
from bot.store.messages.broadcasts import BroadcastFigures, StoredBroadcast
from bot.store.messages.segments import Segment
from handlers.actions.broadcasts.queueing import as_of_now
from handlers.actions.broadcasts.writing import add_broadcast, discard_broadcast
from handlers.showing.broadcast_trials import trial_result
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast, named_parts
from rules.broadcasts.life import (
    Cost,
    Crowd,
    State,
    Step,
    cost_of,
    first_is_past,
    unfit,
)
from rules.broadcasts.trial import TrialResult, Word
from rules.characters import whole_number
from rules.checking.journey_cautions import prize_caution
from rules.editing import labels
from rules.editing.broadcasts import whom_in_words
from rules.sending.policy import quiet_until
from rules.sending.quota import month_of

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found, when
from ...staff.frame.sure import asked_again
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from .broadcast_form import crowd_of, segment_of
from .broadcast_phone import phones
from .effects import EffectPicture, picture, range_of_arm, scale_of
from .statistics import statistics_of

#: Why a message waits, and why it won't go out, as far as it has words of its own.
WAITS = ("quiet", "cap_day", "cap_week", "cap_month", "priority", "quota", "halted")
FATES = ("blocked", "unreachable", "left", "paused", "topic", "too_late", "withdrawn", "erased")
#: So many stand on a page.
_SHOWN = 30

#: What became of messages that a worker took up.
TAKEN_UP = ("sent", "sending", "uncertain", "failed", "held_out")

layout.place(50, "owner.broadcasts")


@dataclass(frozen=True, slots=True)
class BroadcastLine:
    """A broadcast in the list."""

    stored: StoredBroadcast
    #: When what its state says was, or will be; "" for a draft's.
    at: str


def state_text(state: State | Literal["tried"]) -> str:
    """The text that names it; "tried": somebody has to choose how it goes on."""
    return f"owner.broadcasts.state.{state}"


def step_text(step: Step) -> str:
    """The text of its button."""
    return f"owner.broadcasts.step.{step}"


def fate_text(why: str) -> str:
    """The text of those who get it now, or don't for that reason."""
    return f"owner.broadcasts.fate.{why}"


def status_text(status: str) -> str:
    """The text of those whose messages ended so."""
    return f"owner.broadcasts.what.{status}"


@pages.get("/broadcasts", endpoint="broadcasts")
@owner_page
def show_all() -> ResponseReturnValue:
    before = whole_number(request.args.get("before", ""), 15)
    with current_club().store.read() as uow:
        found = broadcasts.newest(uow, limit=_SHOWN + 1, before=before)
    return layout.page(
        "broadcasts",
        lines=[BroadcastLine(each, _moment(each)) for each in found[:_SHOWN]],
        older=found[_SHOWN - 1].id if len(found) > _SHOWN else None,
        state_text=state_text,
        done=forms.done_line("owner.broadcasts.done"),
    )


def _moment(stored: StoredBroadcast) -> str:
    match stored.state:
        case "draft":
            return when(stored.written_at)
        case "waits":
            return when(stored.send_at)
        case "done" | "stopped":
            return when(stored.ended_at or stored.began_at)
        case _:
            return when(stored.began_at)


@pages.get("/broadcasts/<int:broadcast_id>", endpoint="broadcast")
@owner_page
def show_one(broadcast_id: int) -> ResponseReturnValue:
    return broadcast_page(broadcast_id)


@pages.post("/broadcasts/<int:broadcast_id>/copy", endpoint="copy_broadcast")
@owner_page
def copy(broadcast_id: int) -> ResponseReturnValue:
    """A new draft of the same words."""
    with forms.form_work() as work:
        stored = broadcasts.get(work.uow, broadcast_id)
        if stored is None:
            not_found()
        made = add_broadcast(work, stored.broadcast.as_draft())
    return redirect(url_for("owner.edit_broadcast", broadcast_id=made), 303)


@pages.post("/broadcasts/<int:broadcast_id>/discard", endpoint="discard_broadcast")
@owner_page
def discard(broadcast_id: int) -> ResponseReturnValue:
    with forms.form_work() as work:
        no = discard_broadcast(work, broadcast_id, revision=forms.number("revision") or 0)
    if no is not None:
        return broadcast_page(broadcast_id, refusal_line(no.code))
    return redirect(url_for("owner.broadcasts", done="discarded"), 303)


def broadcast_page(broadcast_id: int, problem: str = "", card: str = "") -> ResponseReturnValue:
    """The broadcast's page; 404 for none. `card` was typed for a trial that was refused."""
    club, words = current_club(), words_now()
    with club.store.read() as uow:
        stored = broadcasts.get(uow, broadcast_id)
        if stored is None:
            not_found()
        is_ahead = stored.state in ("draft", "waits")
        figures = None if is_ahead else broadcasts.figures(uow, stored)
        trial = trial_result(uow, stored, club.now())
    crowd = crowd_of(stored.broadcast) if is_ahead else None
    segment = segment_of(stored.broadcast)
    no = _unfit(stored.broadcast) if is_ahead else None
    said = stored.broadcast.segment_then or (segment.whom if segment else None)
    return layout.page(
        "broadcast",
        status=409 if problem else 200,
        stored=stored,
        whom=list(whom_in_words(words, stored.broadcast.whom)),
        segment_line=_segment_line(stored.broadcast, segment),
        segment_said=list(whom_in_words(words, said)) if said else [],
        first=_first(stored.broadcast),
        phones=phones(stored.broadcast),
        crowd=crowd,
        cost=_cost(crowd) if crowd else None,
        figures=figures,
        fates=_fates(figures) if figures else [],
        trial=trial,
        trial_lines=list(_trial_lines(trial)) if trial else [],
        statistics=statistics_of(stored.queued_as) if figures else [],
        many_arms=bool(stored.broadcast.trial),
        chosen_at=when(stored.chosen_at),
        unfit=refusal_line(no.code) if no else "",
        cautions=_cautions(stored.broadcast) if is_ahead else [],
        halted=refusal_line(stored.halted) if stored.halted else "",
        quiet=_quiet(),
        at=when(stored.send_at),
        began=when(stored.began_at),
        ended=when(stored.ended_at),
        card=card,
        problem=problem,
        done=forms.done_line("owner.broadcasts.done"),
        new_key=forms.new_key,
        state_text=state_text,
        step_text=step_text,
        fate_text=fate_text,
        status_text=status_text,
    )


def _unfit(broadcast: Broadcast) -> Refusal | None:
    """Why it can't go out as it stands."""
    with current_club().reading() as work:
        begun = as_of_now(work, broadcast)
        if isinstance(begun, Refusal):
            return begun
        return unfit(begun, work.programme) or first_is_past(begun, work.day)


def _first(broadcast: Broadcast) -> list[str]:
    """To whom it goes first, and up to when; empty for all at once."""
    first = broadcast.first
    if first is None:
        return []
    words = owner_words()
    until = words.say("owner.broadcasts.first_until", until=first.until)
    named = [words.segments(first.segments)] if first.segments else []
    return [*whom_in_words(words, first.whom), *named, until]


def _cautions(broadcast: Broadcast) -> list[str]:
    """What the law says of what it promises."""
    words, programme = words_now(), current_programme()
    promised = dict.fromkeys(name for what, name in named_parts(broadcast) if what == "reward")
    found = (prize_caution(programme, name, "reward") for name in promised)
    return [labels.in_words(words, each.message(words.lang)) for each in found if each]


def _segment_line(broadcast: Broadcast, segment: Segment | None) -> str:
    """By which filter with a name it goes, and as of when; "" for none."""
    if broadcast.segment is None:
        return ""
    name = segment.name if segment else words_now().say("owner.segments.gone")
    when_said = "then" if broadcast.segment_then is not None else "live"
    return words_now().say(f"owner.segments.line.{when_said}", name=name)


def sure_page(broadcast_id: int, revision: int) -> ResponseReturnValue | None:
    """Asks once more, with how many and what it costs; None where yes was said to these, or what is
    to be sent can't be."""
    with current_club().store.read() as uow:
        stored = broadcasts.get(uow, broadcast_id)
    if stored is None or stored.state != "draft" or stored.revision != revision:
        return None
    crowd = crowd_of(stored.broadcast)
    if not crowd.reached or _unfit(stored.broadcast):
        return None
    asking = asked_again(crowd.reached)
    if not asking:
        return None
    return layout.page("broadcast_sure", stored=stored, crowd=crowd, cost=_cost(crowd), **asking)


def _fates(figures: BroadcastFigures) -> list[tuple[str, int]]:
    """Why messages wait, and why others won't go out: the key of a text for each, and how many."""
    found: Counter[str] = Counter()
    for why, count in figures.by_reason("queued"):
        found[f"owner.broadcasts.waits.{why if why in WAITS else 'turn'}"] += count
    for why, count in figures.by_reason("skipped"):
        found[fate_text(why if why in FATES else "nothing_to_give")] += count
    return list(found.items())


def compared_text(word: Word) -> str:
    """The text of one version against another, or against nothing."""
    return f"owner.broadcasts.compared.{word}"


def _trial_lines(trial: TrialResult) -> Iterator[tuple[str, EffectPicture | None]]:
    """What it has shown so far: each version against nothing, and against the first."""
    words = words_now()
    if trial.still_open:
        yield words.say("owner.broadcasts.still_open", count=trial.still_open), None
    scale = scale_of(map(range_of_arm, trial.comparisons))
    for each in trial.comparisons:
        if each.against is not None and each.arm < each.against:
            # Told from the other side.
            continue
        against = (
            words.say("owner.broadcasts.arm", arm=each.against.upper())
            if each.against
            else words.say("owner.broadcasts.nothing")
        )
        line = words.say(
            compared_text(each.word),
            arm=words.say("owner.broadcasts.arm", arm=each.arm.upper()),
            against=against,
            about=f"{each.about:+.1f}",
            low=f"{each.low:+.1f}",
            high=f"{each.high:+.1f}",
        )
        found = range_of_arm(each)
        yield line, picture(found, scale) if found else None


def _cost(crowd: Crowd) -> Cost:
    """In yen, and in the month's messages as far as LINE has told."""
    club, programme = current_club(), current_programme()
    now = club.now()
    with club.store.read() as uow:
        left = quota.state(uow, month_of(programme.shop, now), now=now).left
    return cost_of(crowd, message_yen=programme.sending.message_yen, free=left)


def _quiet() -> str:
    """Until when nothing is sent, if it is quiet now; else ""."""
    programme = current_programme()
    until = quiet_until(programme.sending, programme.shop, current_club().now(), unasked=True)
    return when(until)
