"""What the inner circle tries, as it stands for a member: in the chat, on their page, for staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.line.actions import PostbackAction
from bot.line.views import Button, ListMessage, Row
from bot.store import UnitOfWork
from bot.store.events import seats, trial_parts, trials
from bot.store.events.trials import StoredTrial
from rules.events.trial import TrialFigures, TrialPart, is_over, refuse_sample

from .photos import photo_in_message, photo_path
from .viewer import Viewer

#: What is over is shown so long to who took part in it.
_SHOWN_FOR = timedelta(days=60)
_SHOWN_MAX = 10

#: none: there is no sample. gone: others took the last.
SampleState = Literal["none", "open", "taken", "fetched", "gone"]


@dataclass(frozen=True, slots=True)
class TrialForMember:
    """A trial as it stands for a member."""

    stored: StoredTrial
    part: TrialPart
    figures: TrialFigures
    now: datetime

    @property
    def id(self) -> int:
        return self.stored.id

    @property
    def is_over(self) -> bool:
        return is_over(self.stored.trial, self.stored.state, self.now)

    @property
    def took_part(self) -> bool:
        return self.part.sample_no is not None or self.part.choice is not None

    @property
    def sample(self) -> SampleState:
        trial, part = self.stored.trial, self.part
        if trial.reward is None:
            return "none"
        if part.sample_no is not None:
            return "fetched" if part.fetched_at else "taken"
        if self.is_over or refuse_sample(trial, self.figures.samples) is not None:
            return "gone"
        return "open"

    @property
    def is_shown(self) -> bool:
        ended = self.stored.off_at or self.stored.trial.ends_at
        is_fresh = self.now < max(ended, self.stored.outcome_at or ended) + _SHOWN_FOR
        return not self.is_over or (self.took_part and is_fresh)


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One of what is voted on, and its share of the votes once the vote is over."""

    id: str
    name: str
    #: Where its photograph is; empty for none.
    picture: str
    is_mine: bool
    #: "" before the end.
    share: str


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial in words, for who reads the page."""

    id: int
    title: str
    about: str
    #: Where its photograph is; empty for none.
    picture: str
    #: Until when one takes part, or what became of it.
    line: str
    sample: SampleState
    sample_line: str
    question: str
    choices: tuple[ChoiceView, ...]
    is_open: bool
    #: What came of it; empty while nobody said so.
    outcome: str


def trials_for(viewer: Viewer, uow: UnitOfWork, now: datetime) -> list[TrialForMember]:
    """Those that are shown to them; none to who isn't in the circle."""
    seat = seats.get(uow, viewer.member.id)
    if viewer.programme.circle is None or seat is None or not seat.is_in:
        return []
    found = trials.newest(uow, limit=_SHOWN_MAX, drafts=False)
    return [each for each in _for(viewer, uow, found, now) if each.is_shown]


def trial_for(
    viewer: Viewer, uow: UnitOfWork, trial_id: int, now: datetime
) -> TrialForMember | None:
    """That one, shown or not; None for none, or a draft."""
    found = trials.get(uow, trial_id)
    if found is None or found.state == "draft":
        return None
    return _for(viewer, uow, [found], now)[0]


def _for(
    viewer: Viewer, uow: UnitOfWork, found: list[StoredTrial], now: datetime
) -> list[TrialForMember]:
    if not found:
        return []
    ids, me = [each.id for each in found], viewer.member.id
    mine = trial_parts.of_members(uow, [me], ids)
    figures = trial_parts.figures(uow, ids)
    return [
        TrialForMember(each, mine.get((me, each.id), TrialPart(me, each.id)), figures[each.id], now)
        for each in found
    ]


def trial_view(viewer: Viewer, each: TrialForMember) -> TrialView:
    words, trial = viewer.words, each.stored.trial
    return TrialView(
        each.id,
        trial.title.in_(viewer.lang),
        words.name(trial.about),
        photo_path(trial.picture) if trial.picture else "",
        _line(viewer, each),
        each.sample,
        _sample_line(viewer, each),
        words.name(trial.question) if trial.question else "",
        tuple(
            ChoiceView(
                choice.id,
                choice.name.in_(viewer.lang),
                photo_path(choice.picture) if choice.picture else "",
                each.part.choice == choice.id,
                share_line(viewer, each, choice.id) if each.is_over else "",
            )
            for choice in trial.choices
        ),
        not each.is_over,
        each.stored.outcome.in_(viewer.lang) if each.stored.outcome else "",
    )


def share_line(viewer: Viewer, each: TrialForMember, choice: str) -> str:
    """How many voted so, and their share."""
    count = each.figures.votes.get(choice, 0)
    percent = round(100 * count / each.figures.voted) if each.figures.voted else 0
    return viewer.words.say("trial.share", count=count, percent=percent)


def _line(viewer: Viewer, each: TrialForMember) -> str:
    words = viewer.words
    if each.stored.state == "cancelled":
        return words.say("trial.off")
    if each.is_over:
        return words.say("trial.over")
    return words.say("trial.until", until=viewer.programme.shop.local(each.stored.trial.ends_at))


def _sample_line(viewer: Viewer, each: TrialForMember) -> str:
    words, trial = viewer.words, each.stored.trial
    if each.sample == "none" or (each.is_over and each.sample == "gone"):
        return ""
    if each.sample == "open" and trial.samples is not None:
        left = trial.samples - each.figures.samples
        return words.say("trial.sample.left", count=left)
    return words.say(f"trial.sample.{each.sample}")


def trial_message(viewer: Viewer, each: TrialForMember, *, said: str = "") -> ListMessage:
    """The trial as LINE shows it, with a button for whatever one can do; `said` about what was just
    done."""
    words, view = viewer.words, trial_view(viewer, each)

    def tap(label: str, data: str, shown: str = "") -> PostbackAction:
        text = words.say(f"chat.button.{label}")
        return PostbackAction(text, data, shown or text)

    looks = {choice.id: choice.picture for choice in each.stored.trial.choices}
    rows = [
        Row(
            left=choice.name,
            right=words.say("trial.mine") if choice.is_mine else choice.share,
            note=choice.share if choice.is_mine else "",
            action=tap("trial_vote", f"do=trial_vote&of={each.id}&c={choice.id}", choice.name)
            if view.is_open and not choice.is_mine
            else None,
            picture=photo_in_message(viewer, looks[choice.id]),
        )
        for choice in view.choices
    ]
    take = Button(tap("trial_sample", f"do=trial_sample&of={each.id}"))
    question = "\n".join(filter(None, (view.about, view.question)))
    return ListMessage(
        title=view.title,
        subtitle=said or view.outcome or question,
        rows=tuple(rows),
        hint="\n".join(filter(None, (view.line, view.sample_line))),
        picture=photo_in_message(viewer, each.stored.trial.picture),
        buttons=(take,) if view.sample == "open" else (),
        accent=viewer.accent,
    )
