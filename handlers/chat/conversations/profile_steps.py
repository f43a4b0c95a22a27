"""The steps of a profile in the chat: one question a message, each theirs to leave for later."""

from collections.abc import Callable

from bot.line.messages import Button, Message, PostbackAction, Row
from bot.phones import spoken
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from handlers.actions.profile import phone
from handlers.actions.profile.phone import ToldPhone
from handlers.actions.profile.steps import (
    StepAnswer,
    StepAnswers,
    StepConsent,
    agree_to_step,
    is_known,
    needs_consent,
    take_away,
    tell_steps,
)
from handlers.actions.recording.outcome import Outcome
from handlers.actions.telling.messages import text_phone_code
from handlers.showing.profile_steps import answer_words, phone_earned_before, profile_view
from rules.activity import StepId
from rules.base import Refusal
from rules.characters import as_typed, without_marks
from rules.profile.answers import is_address, is_kana, is_short_name
from rules.profile.steps import CHOSEN, ProfileStep, wording_mark

from .. import intents, parts, postbacks
from ..context import Answer, Turn
from ..conversation import Conversation, conversation, takes_only
from ..postbacks import Params
from .birthday import birthday
from .profile import profile
from .sms import NUMBER

_THEN = ("profile", "card")


@conversation("profile_step")
def profile_step(turn: Turn, params: Params) -> Answer:
    """The question of `step`; with `agree`, once its consent is given: the mark of the words that
    were shown, and will be again where they are others by now. `choose` is an answer chosen, `add`
    and `drop` one of several, `these` the end of them; `same` leaves what is known, `gone` takes it
    away."""
    step = turn.programme.profile.step(params.get("step", ""))
    if step is None or turn.shares:
        return profile(turn, {})
    if step.id == "birthday":
        return birthday(turn, {})
    if "gone" in params:
        return _take_away(turn, step)
    if (agreed := step.agreed(turn.lang, params.get("agree", ""))) is not None:
        agree_to_step(turn.work, turn.member.id, step.id, StepConsent(agreed, turn.at))
    answered = _answered(turn, step, params)
    if answered is None:
        return _ask(turn, step)
    return _tell(turn, step, answered, goes_on=not {"add", "drop"} & params.keys())


def _answered(turn: Turn, step: ProfileStep, params: Params) -> tuple[str, ...] | None:
    """What a tap answered to the step; None where it only opens it."""
    known = profiles.get(turn.uow, turn.member.id)
    if step.id == "interests":
        # What the shop asks for no more is theirs to choose no more.
        before = [each for each in known.interests.split() if step.choice(each)]
        if "add" in params:
            return (*before, params["add"])
        if "drop" in params:
            return tuple(each for each in before if each != params["drop"])
        return tuple(before) if "these" in params else None
    if step.id in CHOSEN:
        return (params["choose"],) if "choose" in params else None
    if "same" in params and is_known(known, step.id) and step.id != "phone":
        return (known.postcode, known.address) if step.id == "address" else _one(known, step)
    return None


def _one(known: Profile, step: ProfileStep) -> tuple[str, ...]:
    return (str(getattr(known, step.id)),)


def _ask(turn: Turn, step: ProfileStep) -> Answer:
    if step.id == "phone" and turn.club.sms is None:
        said = turn.say("profile.no_sms")
        return parts.answer_of(parts.text(turn, said, then=_THEN))
    if needs_consent(turn.work, turn.member.id, step):
        return parts.answer_of(_consent(turn, step))
    return parts.answer_of(_question(turn, step))


def _consent(turn: Turn, step: ProfileStep) -> Message:
    """What is agreed to before the step is told, in the very words that are kept."""
    turn.ask(None)
    consent = step.consent.in_(turn.lang) if step.consent else ""
    return parts.notice(
        turn,
        title=_title(turn, step),
        body=f"{turn.words.name(step.purpose)}\n\n{consent}",
        buttons=(
            Button(_tap(turn, "profile_agree", step, agree=wording_mark(consent))),
            Button(parts.button(turn, "profile_later", "profile"), "link"),
        ),
    )


def _question(turn: Turn, step: ProfileStep, said: str = "") -> Message:
    """The question, with why it is asked and what is known by now; `said` where an answer was
    none."""
    if step.id in CHOSEN:
        turn.ask(None)
        return _choices(turn, step, said)
    turn.ask(f"tell_{step.id}")
    known = profiles.get(turn.uow, turn.member.id)
    value, lines = answer_words(turn, known, step), [turn.words.name(step.purpose)]
    asked = turn.words.say(f"profile.ask.{step.id}", abroad=turn.words.say("profile.abroad"))
    return parts.notice(
        turn,
        title=_title(turn, step),
        body="\n\n".join([said] if said else [*lines, asked]),
        rows=(Row(left=turn.say("profile.now"), right=value),) if value else (),
        buttons=(*_known_buttons(turn, step, bool(value)), _later(turn)),
    )


def _known_buttons(turn: Turn, step: ProfileStep, known: bool) -> tuple[Button, ...]:
    if not known:
        return ()
    gone = Button(_tap(turn, "profile_gone", step, gone=1), "link")
    view = profile_view(turn, turn.uow)
    if step.id == "phone" or any(each.is_told for each in view.steps if each.step == step):
        return (gone,)
    # The shop knew it before the member was asked.
    return (Button(_tap(turn, "profile_same", step, same=1)), gone)


def _choices(turn: Turn, step: ProfileStep, said: str) -> Message:
    known = getattr(profiles.get(turn.uow, turn.member.id), step.id).split()
    several = step.id == "interests"
    asked = turn.words.say(f"profile.ask.{step.id}")
    return parts.listing(
        turn,
        title=_title(turn, step),
        subtitle=said or f"{turn.words.name(step.purpose)}\n{asked}",
        rows=tuple(_choice(turn, step, each.id, known) for each in step.choices),
        buttons=(
            *((Button(_tap(turn, "profile_these", step, these=1)),) if several else ()),
            *((Button(_tap(turn, "profile_gone", step, gone=1), "link"),) if known else ()),
            _later(turn),
        ),
    )


def _choice(turn: Turn, step: ProfileStep, choice: str, known: list[str]) -> Row:
    found = step.choice(choice)
    name, is_chosen = turn.words.name(found.name) if found else "", choice in known
    label, param = "choose", "choose"
    if step.id == "interests":
        label, param = ("profile_drop", "drop") if is_chosen else ("choose", "add")
    data = postbacks.data("profile_step", step=step.id, **{param: choice})
    return Row(
        left=name,
        right=turn.say("profile.chosen") if is_chosen else "",
        action=PostbackAction(turn.say(f"button.{label}"), data, name),
    )


def _tap(turn: Turn, label: str, step: ProfileStep, **params: str | int) -> PostbackAction:
    return parts.button(turn, label, "profile_step", step=step.id, **params)


def _later(turn: Turn) -> Button:
    return Button(parts.button(turn, "profile_later", "cancel"), "link")


def _title(turn: Turn, step: ProfileStep) -> str:
    return turn.words.say(f"profile.title.{step.id}")


def _name(turn: Turn, step: ProfileStep) -> str:
    return turn.words.say(f"profile.step.{step.id}")


def _tell(turn: Turn, step: ProfileStep, typed: tuple[str, ...], *, goes_on: bool = True) -> Answer:
    answers = StepAnswers(turn.member.id, (StepAnswer(step.id, typed),), turn.at)
    outcome = tell_steps(turn.under(f"step:{step.id}"), answers)
    if outcome.refused:
        return _refused(turn, step, outcome.refused)
    if goes_on:
        return _told(turn, step, outcome)
    brought = f"+{turn.amount(outcome.points)}" if outcome.points else ""
    return parts.answer_of(_question(turn.again(), step, brought), must_reach=bool(brought))


def _refused(turn: Turn, step: ProfileStep, code: str) -> Answer:
    """Asks again: for the consent, where that is what was missing, or the question."""
    if code == "consent_missing":
        return parts.answer_of(_consent(turn, step))
    return parts.answer_of(_question(turn, step, parts.refusal(turn, code)))


def _told(turn: Turn, step: ProfileStep, outcome: Outcome) -> Answer:
    """Thanks, and in the same breath the next question, if one is left."""
    turn.ask(None)
    turn = turn.again()
    view, kept = profile_view(turn, turn.uow), turn.say("profile.kept", step=_name(turn, step))
    is_first = step.id == "phone" and bool(outcome.seq)
    is_shared = is_first and phone_earned_before(turn, turn.uow)
    shared = turn.words.say("profile.shared") if is_shared else ""
    done = parts.notice(
        turn,
        title=turn.say("profile.thanks"),
        body="\n".join(filter(None, (kept, shared, view.progress))),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)) if outcome.points else "",
        buttons=(Button(_tap(turn, "profile_gone", step, gone=1), "link"),),
        then=("profile", "card", "points"),
    )
    answer = parts.answer_of(done, must_reach=True)
    if view.next is None:
        return answer
    asks = birthday(turn, {}) if view.next.step.id == "birthday" else _ask(turn, view.next.step)
    return parts.both_answers(answer, asks)


def _take_away(turn: Turn, step: ProfileStep) -> Answer:
    turn.ask(None)
    take_away(turn.under(f"gone:{step.id}"), turn.member.id, step.id, at=turn.at)
    said = turn.say("profile.gone", step=_name(turn, step))
    return parts.answer_of(parts.text(turn, said, then=_THEN))


def _written(step: StepId) -> Callable[[Turn, Params], Answer]:
    """What is done with a text that answers a step."""

    def reply(turn: Turn, params: Params) -> Answer:
        asked = turn.programme.profile.step(step)
        if asked is None or turn.shares:
            return profile(turn, {})
        typed = params.get("text", "")
        return _tell_phone(turn, asked, typed) if step == "phone" else _tell(turn, asked, (typed,))

    return reply


def _is_name(text: str) -> bool:
    """Whether it is a name, and no word of ours: 「はい」 is none."""
    return is_short_name(text) and intents.whole(text) is None


tell_name = Conversation("tell_name", _written("name"), by_tap=False, takes_text=_is_name)
tell_kana = Conversation("tell_kana", _written("kana"), by_tap=False, takes_text=is_kana)
tell_address = Conversation(
    "tell_address", _written("address"), by_tap=False, takes_text=is_address
)
tell_phone = Conversation(
    "tell_phone", _written("phone"), by_tap=False, takes_text=takes_only(NUMBER)
)


def _tell_phone(turn: Turn, step: ProfileStep, typed: str) -> Answer:
    """A number, to which a code goes; or the code that came."""
    if len(without_marks(as_typed(typed))) == phone.FIGURES:
        outcome = phone.prove(turn.under("phone"), turn.member.id, typed, at=turn.at)
        if outcome.refused:
            return _refused(turn, step, outcome.refused)
        return _told(turn, step, outcome)
    proof = phone.ask_code(turn.work, ToldPhone(turn.member.id, typed, turn.at))
    if isinstance(proof, Refusal):
        return _refused(turn, step, proof.code)
    text_phone_code(turn.work, proof)
    turn.ask("tell_phone")
    number = spoken(proof.phone, turn.programme.shop.country)
    sent = parts.notice(
        turn,
        title=turn.say("profile.code_title"),
        body=turn.say("profile.code_body", phone=number, minutes=phone.GOOD_FOR.seconds // 60),
        note=turn.say("profile.code_note"),
        buttons=(_later(turn),),
    )
    return parts.answer_of(sent)
