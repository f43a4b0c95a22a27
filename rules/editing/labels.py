"""What a form's questions and answers are called, for the shop's own people."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from ..base import LocalText
from ..programme.programme import Programme
from ..wording.texts import has_text, show
from ..wording.words import Words
from .controls import AnyOptions, Control, Named, Number, OneOption
from .fields import shown


class _Named(Protocol):
    @property
    def id(self) -> str: ...


#: A key of the file in a sentence: marked as one, or with an underline in it.
_KEY = re.compile(r"`([a-z_]+)`|(?<![\w`.])([a-z]+(?:_[a-z]+)+)(?![\w`.])", re.ASCII)
#: Under which texts of others a control's answers stand.
_BESIDE = {
    ("Survey", "kind"): "explain.surveys.kind",
    ("FirstWhom", "stages"): "funnel.stage",
    ("Whom", "stages"): "funnel.stage",
    ("Whom", "memberships"): "staff.members.state",
}
#: Nobody needs to be told that more than this is too much.
_FAR = 1_000


def label(words: Words, control: Control) -> str:
    """What the control asks."""
    own = f"{control.owner.lower()}.{control.key}"
    if has_text(words.lang, f"owner.form.field_of.{own}"):
        return words.say(f"owner.form.field_of.{own}")
    return words.say(f"owner.form.field.{control.key}")


def hint(words: Words, control: Control) -> str:
    """What one should know to answer it; "" where its label says all."""
    key = f"owner.form.hint_of.{control.owner.lower()}.{control.key}"
    return words.say(key) if has_text(words.lang, key) else ""


def options(words: Words, control: OneOption | AnyOptions) -> list[tuple[str, str]]:
    """What can be chosen: the value in the file, and what it is called."""
    if control.named:
        return list(named(words, control.named))
    return [(value, option(words, control, value)) for value in control.options]


def option(words: Words, control: Control, value: str) -> str:
    """What a value of the file is called; itself where it is the shop's own word."""
    text = _option_text(control, value)
    return words.say(text) if has_text(words.lang, text) else value


def _option_text(control: Control, value: str) -> str:
    """Some have their texts beside others of theirs."""
    if beside := _BESIDE.get((control.owner, control.key)):
        return f"{beside}.{value}"
    match control.owner, control.key:
        case "Perk" | "Question", "kind":
            return f"owner.form.option.{control.owner.lower()}.{value}"
        case _, "kind":
            return f"explain.kind.reward.{value}"
        case _, "award":
            return f"explain.kind.award.{value}"
        case _, "needs":
            return f"explain.kind.needs.{value}"
        case _, "also_active":
            return f"owner.form.option.on.{value}"
        case _, "closed_weekdays" | "quiet_weekdays" | "weekdays":
            return f"explain.weekday.{value}"
        case _, "id" | "step":
            return f"profile.step.{value}"
        case _, key:
            return f"owner.form.option.{key}.{value}"


def named(words: Words, what: Named) -> list[tuple[str, str]]:
    """What the programme has of that, by id, with its names."""
    if what == "segments":
        return list((words.segment_names or {}).items())
    programme: Programme = words.programme
    ladder = programme.ranks.steps if programme.ranks else ()
    ages, interests = (programme.profile.step(each) for each in ("age_band", "interests"))
    there: dict[Named, Sequence[_Named]] = {
        "ranks": ladder,
        "stores": programme.stores,
        "streaks": programme.streaks,
        "rewards": programme.rewards,
        "campaigns": programme.campaigns,
        "eco": programme.counter.eco,
        "surveys": programme.surveys,
        "ages": ages.choices if ages else (),
        "interests": interests.choices if interests else (),
    }
    return [(part.id, name_of(words, part)) for part in there[what]]


def name_of(words: Words, part: object) -> str:
    """What a part of the programme is called by its shop; "" for what has no name."""
    named = getattr(part, "name", None) or getattr(part, "title", None)
    return words.name(named) if isinstance(named, LocalText) else ""


def bounds(words: Words, control: Number) -> str:
    """Between what a number may be; "" where nothing bounds it that anybody would think of."""
    if control.most is not None and control.most >= _FAR:
        return ""
    least, most = (show(words.lang, _plain(each)) for each in (control.least, control.most))
    if control.least is not None and control.most is not None:
        return words.say("owner.form.between", least=least, most=most)
    if control.least is not None:
        return words.say("owner.form.from", least=least)
    return words.say("owner.form.upto", most=most) if control.most is not None else ""


def _plain(bound: Decimal | None) -> int | float | str:
    """A bound as people write it: 10 and not 10.0; "" for none."""
    if bound is None:
        return ""
    return int(bound) if bound == int(bound) else float(bound)


def standing(control: Control) -> str:
    """What holds where nothing is said; "" for nothing."""
    if control.needed or control.default in (None, ()):
        return ""
    value = shown(control, None)
    return value if isinstance(value, str) else ""


def in_words(words: Words, said: str) -> str:
    """What is said of a programme, with the keys of its file as the forms call them."""
    quote = words.say("owner.form.quoted", name="{}")

    def called(found: re.Match[str]) -> str:
        key = found[1] or found[2]
        text = f"owner.form.field.{key}"
        return quote.format(words.say(text)) if has_text(words.lang, text) else found[0]

    return _KEY.sub(called, said)
