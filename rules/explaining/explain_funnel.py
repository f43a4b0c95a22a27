"""How those who began went on, in plain lines for the shop's own people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..outlook.funnel import RHYTHM_DAYS, STOPPED, Funnel, Stage, StepCount
from ..wording.texts import long_date
from ..wording.words import Words


def funnel_lines(words: Words, found: Funnel, *, since: date, until: date) -> Iterator[str]:
    """The steps of those who began from `since` to `until`, both included, and where they stand."""
    period = {"since": long_date(words.lang, since), "until": long_date(words.lang, until)}
    if not found.began:
        yield _said(words, "none", **period)
        return
    yield _said(words, "title", count=found.began, **period)
    yield from (f"  {_step(words, each)}" for each in found.steps)
    most = max(found.steps, key=lambda each: each.stopped)
    if most.stopped:
        yield _said(words, "most", name=_name(words, most), count=most.stopped)
    yield _said(words, "now")
    for stage, count in found.stages.items():
        name = words.say(f"funnel.stage.{stage}")
        yield "  " + _said(words, "line", name=name, count=count)
    if found.left:
        yield _said(words, "left", count=found.left)
    yield _said(words, "how_stopped", days=STOPPED.days)
    by = "rank" if words.programme.ranks else "rhythm"
    yield _said(words, f"regular_by_{by}", days=RHYTHM_DAYS)


def stage_word(words: Words, stage: Stage) -> str:
    """At which stage a member stands: "has begun to come"."""
    return words.say(f"funnel.stage.{stage}")


def _step(words: Words, step: StepCount) -> str:
    line = _said(words, "line", name=_name(words, step), count=step.count)
    more = []
    if step.share is not None:
        more.append(_said(words, "share", share=round(step.share * 100)))
    if step.median_days is not None:
        more.append(_days(words, step))
    if step.stopped:
        more.append(_said(words, "stopped", count=step.stopped))
    if step.on_the_way and step.step != "regular":
        more.append(_said(words, "on_the_way", count=step.on_the_way))
    if not more:
        return line
    return _said(words, "with_more", line=line, more=_said(words, "join").join(more))


@dataclass(frozen=True, slots=True)
class FunnelStepLine:
    """A step in words: its name, how many took it, and what is told of it besides; each empty
    where there is nothing to tell."""

    name: str
    count: str
    share: str
    days: str


def step_lines(words: Words, found: Funnel) -> list[FunnelStepLine]:
    """Each step of a funnel, for a table."""
    return [
        FunnelStepLine(
            _name(words, each),
            words.say("owner.figures.unit.people", count=f"{each.count:,}"),
            "" if each.share is None else f"{each.share * 100:.0f}%",
            _days(words, each),
        )
        for each in found.steps
    ]


def _days(words: Words, step: StepCount) -> str:
    if step.median_days is None:
        return ""
    days = round(step.median_days)
    return _said(words, "days", count=days) if days else _said(words, "same_day")


def _name(words: Words, step: StepCount) -> str:
    return words.say(f"funnel.step.{step.step}")


def _said(words: Words, key: str, **values: Any) -> str:
    return words.say(f"funnel.{key}", **values)
