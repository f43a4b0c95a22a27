"""The fan steps in words: how they stand for a member, and what they ask."""

from dataclasses import dataclass
from datetime import date

from ..facts import Facts
from ..outlook.fan_ladder import LadderNow, LadderState, ladder_now
from ..profile.fan_steps import FanStep, FanSteps
from ..programme.badges import Badge
from ..wording.texts import day_since
from ..wording.words import Words


@dataclass(frozen=True, slots=True)
class FanStepView:
    """One step as it is shown. `mark`: done, to come, or how far it is."""

    step: FanStep
    name: str
    mark: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class FanView:
    """The ladder as it is shown. `next` and `gift` are empty where there is nothing to say."""

    state: LadderState
    state_word: str
    lead: str
    steps: tuple[FanStepView, ...]
    next: str
    gift: str
    #: How far it is, in a few words.
    line: str
    next_step: FanStep | None
    may_begin: bool
    may_stop: bool

    @property
    def had(self) -> int:
        return sum(step.is_done for step in self.steps)


def fan_view(words: Words, facts: Facts, day: date) -> FanView | None:
    """None where the club has no fan steps."""
    ladder = ladder_now(words.programme, facts, day)
    if ladder is None:
        return None
    left = ladder.left if ladder.state == "climbing" else ()
    shown = tuple(_step(words, ladder, step) for step in ladder.steps.steps)
    had = sum(step.is_done for step in shown)
    badge = _badge(words)
    return FanView(
        ladder.state,
        words.say(f"fan.state.{ladder.state}"),
        _lead(words, ladder, day),
        shown,
        words.say("fan.next", target=fan_step(words, ladder.steps, left[0])) if left else "",
        _gift(words, badge) if badge and ladder.state != "done" else "",
        words.say("fan.line", had=had, needed=len(shown)),
        left[0] if left else None,
        ladder.may_begin,
        ladder.state in ("invited", "climbing"),
    )


def fan_line(words: Words, facts: Facts, day: date) -> str:
    """What to say of it after a visit: how far it is, and what comes next; empty for who isn't on
    it."""
    view = fan_view(words, facts, day)
    if view is None or view.state != "climbing":
        return ""
    then = view.next or view.lead
    return words.say("fan.so_far", had=view.had, needed=len(view.steps), next=then)


def counter_fan_line(words: Words, facts: Facts, day: date) -> str:
    """The same for who stands at the counter, whom staff may tell that they are invited."""
    view = fan_view(words, facts, day)
    if view is not None and view.state == "invited" and facts.fan_invited_on == day:
        return words.say("scan.fan.invited")
    return fan_line(words, facts, day)


def fan_step(words: Words, steps: FanSteps, step: FanStep) -> str:
    """What a step is called."""
    if step == "visit":
        return words.say("fan.step.visit", count=steps.visits)
    if step == "newsletter" and words.programme.newsletter is not None:
        return words.name(words.programme.newsletter.name)
    return words.say(f"fan.step.{step}")


def fan_step_names(words: Words, steps: FanSteps) -> str:
    """All of them in a row."""
    return words.listed(fan_step(words, steps, step) for step in steps.steps)


def fan_sentence(words: Words, steps: FanSteps) -> str:
    """The whole of it, as the programme's explanation says it."""
    badge = _badge(words)
    return words.sentences(
        (
            words.say("explain.rank.fan_steps", count=steps.visits_in_month),
            words.say("explain.rank.fan_ladder", steps=fan_step_names(words, steps)),
            _gift(words, badge) if badge else "",
        )
    )


def _step(words: Words, ladder: LadderNow, step: FanStep) -> FanStepView:
    is_done = step in ladder.done
    mark = words.say("fan.mark.done" if is_done else "fan.mark.open")
    if step == "visit" and not is_done and ladder.steps.visits > 1:
        mark = words.say("fan.mark.visits", had=ladder.visits, needed=ladder.steps.visits)
    return FanStepView(step, fan_step(words, ladder.steps, step), mark, is_done)


def _lead(words: Words, ladder: LadderNow, day: date) -> str:
    needed = ladder.steps.visits_in_month
    match ladder.state:
        case "early" if not ladder.missing:
            return words.say("fan.lead.early_next", needed=needed)
        case "early":
            return words.say("fan.lead.early", needed=needed, count=ladder.missing)
        case "climbing" if ladder.left:
            return words.say("fan.lead.climbing", count=len(ladder.left))
        case "climbing":
            return words.say("fan.lead.complete")
        case "done" if ladder.done_on is not None:
            since = day_since(words.lang, ladder.done_on, day)
            done_on = words.say("fan.done_on", day=since)
            return words.sentences((words.say("fan.lead.done"), done_on))
        case state:
            return words.say(f"fan.lead.{state}")


def _badge(words: Words) -> Badge | None:
    """The badge of the ladder; a hidden one stays a surprise."""
    found = (b for b in words.programme.badges if b.needs.kind == "fan_steps" and not b.hidden)
    return next(found, None)


def _gift(words: Words, badge: Badge) -> str:
    name = words.name(badge.name)
    if not badge.points:
        return words.say("fan.badge", badge=name)
    return words.say("fan.badge_points", badge=name, amount=words.amount(badge.points))
