"""The steps of a member's profile as they are shown: in the chat, on their page, at the counter."""

from dataclasses import dataclass

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from rules.activity import ProfileTold, StepId
from rules.profile.answers import spaced_postcode
from rules.profile.steps import CHOSEN, ProfileStep, told
from rules.wording.explain_earning import rule_label

from .birthdays import birthday_words
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it stands for a member."""

    step: ProfileStep
    name: str
    purpose: str
    #: What they told, in words; empty for nothing, or nothing any more.
    value: str
    #: What telling it brings, 「10ポイント」; empty where it brings nothing, or was told before.
    earns: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile as far as it is told."""

    steps: tuple[StepView, ...]
    #: What all of it brings, in a sentence; empty where it brings nothing, or has.
    whole: str
    progress: str

    @property
    def next(self) -> StepView | None:
        """What to ask next: in the shop's order, never what was told before."""
        return next((each for each in self.steps if not each.is_told), None)


def birthday_why(viewer: Viewer) -> str:
    """Why somebody may tell their birthday to a shop that asks no steps, and what that brings."""
    words, brings = viewer.words, _earns_whole(viewer)
    gift = words.say("profile.birthday_brings", amount=brings) if brings else ""
    return words.sentences((words.say("chat.profile.birthday_why"), gift))


def profile_view(viewer: Viewer, uow: UnitOfWork) -> ProfileView:
    """The profile of a member whose shop asks steps of them."""
    known, words = profiles.get(uow, viewer.member.id), viewer.words
    steps = tuple(_step(viewer, known, each) for each in viewer.programme.profile.steps)
    done = sum(each.is_told for each in steps)
    if done == len(steps):
        return ProfileView(steps, "", words.say("profile.complete"))
    brings = _earns_whole(viewer)
    return ProfileView(
        steps,
        words.say("profile.whole", amount=brings) if brings else "",
        words.say("profile.progress", count=done, all=len(steps)),
    )


def _step(viewer: Viewer, known: Profile, step: ProfileStep) -> StepView:
    is_told = step.id in told(viewer.facts)
    return StepView(
        step,
        viewer.words.say(f"profile.title.{step.id}"),
        viewer.words.name(step.purpose),
        answer_words(viewer, known, step),
        "" if is_told else _earns(viewer, step.id),
        is_told,
    )


def _earns_whole(viewer: Viewer) -> str:
    """What a profile brings that is told for the first time; empty where it brings nothing."""
    return "" if viewer.facts.counts.get("profile") else _earns(viewer, None)


def _earns(viewer: Viewer, step: StepId | None) -> str:
    """What the first rule gives them that looks at the step, or at the whole."""
    for rule in viewer.programme.earning_on("profile"):
        if rule.step == step and not rule.needs_staff and rule.award.kind != "multiplier":
            return rule_label(viewer.words, rule)
    return ""


def phone_earned_before(viewer: Viewer, uow: UnitOfWork) -> bool:
    """Whether the telephone that the member told brought nothing, as it had for somebody else."""
    is_shared = history.standing(uow, viewer.member.id, ProfileTold("phone", shared=True))
    return is_shared is not None and bool(_earns(viewer, "phone"))


def answer_words(viewer: Viewer, known: Profile, step: ProfileStep) -> str:
    """What the member answered to a step, in words; empty for nothing."""
    match step.id:
        case "birthday":
            return birthday_words(viewer.words, viewer.facts.birthday)
        case "phone":
            number = spoken(known.phone, viewer.programme.shop.country)
            proven = known.phone and known.phone == known.proven_phone
            return viewer.words.say("profile.proven", phone=number) if proven else number
        case "address":
            return f"{spaced_postcode(known.postcode)} {known.address}".strip()
        case chosen if chosen in CHOSEN:
            return viewer.words.listed(_chosen(viewer, known, step))
        case name:
            return str(getattr(known, name))


def _chosen(viewer: Viewer, known: Profile, step: ProfileStep) -> list[str]:
    """The names of what was chosen, as far as it can be chosen still."""
    ids = getattr(known, step.id).split()
    return [viewer.words.name(choice.name) for choice in step.choices if choice.id in ids]
