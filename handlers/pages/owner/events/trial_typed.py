"""A trial's form: what stands in it, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import ascii_lowercase
from typing import Any

from pydantic import ValidationError

from bot.store.events.trials import StoredTrial
from rules.characters import one_width, whole_number
from rules.events.trial import CHOICES_MAX, CHOICES_MIN, CircleTrial
from rules.shop import Shop

from .typed import MOMENT, moment_of

#: The photographs of the choices, in the order of their rows.
PICTURES = tuple(f"choice_picture_{n}" for n in range(CHOICES_MAX))
#: Fields that hold one line each.
TEXTS = (
    "title_ja", "title_en", "about_ja", "about_en", "picture", "reward", "samples", "asks",
    "question_ja", "question_en", "ends_at", *PICTURES,
)  # fmt: skip
#: What is asked of who fetched the sample, beside the programme's surveys.
NO_QUESTIONS, TWO_QUESTIONS = "", "__two"
_SAMPLES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice of the form. `id` is empty for a new one."""

    id: str = ""
    ja: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class TypedTrial:
    """What stands in a form, and what is wrong with it, by field."""

    values: Mapping[str, str]
    rows: tuple[ChoiceRow, ...]
    wrong: dict[str, str] = field(default_factory=dict)


def _full(rows: tuple[ChoiceRow, ...]) -> tuple[ChoiceRow, ...]:
    return (*rows, *[ChoiceRow()] * (CHOICES_MAX - len(rows)))


def blank(shop: Shop, now: datetime) -> TypedTrial:
    """A new trial, which goes on for two weeks."""
    ends = (shop.local(now) + timedelta(days=14)).replace(hour=20, minute=0)
    values = dict.fromkeys(PICTURES, "")
    values |= {"asks": TWO_QUESTIONS, "ends_at": ends.strftime(MOMENT)}
    return TypedTrial(values, _full(()))


def of_stored(stored: StoredTrial, shop: Shop, *, is_copy: bool) -> TypedTrial:
    """A kept trial as its form shows it. Of a copy the end is to be chosen anew."""
    trial = stored.trial
    values = {
        "title_ja": trial.title.ja, "title_en": trial.title.en, "about_ja": trial.about.ja,
        "about_en": trial.about.en, "picture": trial.picture or "", "reward": trial.reward or "",
        "samples": str(trial.samples or ""),
        "asks": trial.survey or (TWO_QUESTIONS if trial.asks else NO_QUESTIONS),
        "question_ja": trial.question.ja if trial.question else "",
        "question_en": trial.question.en if trial.question else "",
        "ends_at": "" if is_copy else shop.local(trial.ends_at).strftime(MOMENT),
    }  # fmt: skip
    pictures = [each.picture or "" for each in trial.choices]
    values |= dict.fromkeys(PICTURES, "") | dict(zip(PICTURES, pictures, strict=False))
    rows = tuple(ChoiceRow(each.id, each.name.ja, each.name.en) for each in trial.choices)
    return TypedTrial(values, _full(rows))


def read(form: Any) -> TypedTrial:
    """What was sent. `form` is a request's."""
    values = {name: form.get(name, "").replace("\0", "").strip()[:400] for name in TEXTS}
    columns = (form.getlist(name) for name in ("choice", "choice_ja", "choice_en"))
    rows = [
        ChoiceRow(*(each.replace("\0", "").strip()[:80] for each in row))
        for row in zip(*columns, strict=False)
    ]
    return TypedTrial(values, _full(tuple(rows)[:CHOICES_MAX]))


def written(typed: TypedTrial, shop: Shop, now: datetime) -> CircleTrial | TypedTrial:
    """The trial that the form says; or the form with what is wrong, by the name of its text."""
    given, wrong = typed.values, _wrong_texts(typed.values)
    ends_at = moment_of(given["ends_at"], shop)
    if ends_at is None or ends_at <= now:
        wrong["ends_at"] = "moment" if ends_at is None else "past"
    samples = _samples(given["samples"], wrong)
    choices = _choices(typed, wrong)
    if choices and not given["question_ja"]:
        wrong["question_ja"] = "missing"
    if not (given["reward"] or given["question_ja"] or choices):
        wrong["reward"] = "empty"
    if not wrong:
        try:
            return CircleTrial.model_validate(_said(given, choices, samples) | {"ends_at": ends_at})
        except ValidationError as problem:
            for each in problem.errors():
                name = "_".join(str(part) for part in each["loc"][:2]) or "title_ja"
                wrong[name] = "unreadable"
    return TypedTrial(given, typed.rows, wrong)


def _wrong_texts(given: Mapping[str, str]) -> dict[str, str]:
    wrong = {name: "missing" for name in ("title_ja", "about_ja") if not given[name]}
    for part, most in (("title", 60), ("about", 300), ("question", 300)):
        for name in (f"{part}_ja", f"{part}_en"):
            if len(given[name]) > most:
                wrong[name] = "long"
    return wrong


def _said(
    given: Mapping[str, str], choices: list[dict[str, Any]], samples: int | None
) -> dict[str, Any]:
    def both(name: str) -> dict[str, str]:
        return {"ja": given[f"{name}_ja"], "en": given[f"{name}_en"]}

    return {
        "title": both("title"),
        "about": both("about"),
        "picture": given["picture"] or None,
        "reward": given["reward"] or None,
        "samples": samples if given["reward"] else None,
        "asks": given["asks"] != NO_QUESTIONS,
        "survey": given["asks"] if given["asks"] not in (NO_QUESTIONS, TWO_QUESTIONS) else None,
        "question": both("question") if choices else None,
        "choices": choices,
    }


def _choices(typed: TypedTrial, wrong: dict[str, str]) -> list[dict[str, Any]]:
    """Each keeps its id; a new one has the first that is free."""
    pictures = (typed.values.get(name, "") for name in PICTURES)
    both = zip(typed.rows, pictures, strict=False)
    shown = [(row, picture) for row, picture in both if row.ja or row.en or picture]
    kept = [row for row, _ in shown]
    if typed.values["question_ja"] and len(kept) < CHOICES_MIN:
        wrong["choices"] = "choices"
    if any(not row.ja for row in kept):
        wrong["choices"] = "choice_name"
    if any(len(name) > 60 for row in kept for name in (row.ja, row.en)):
        wrong["choices"] = "long"
    free = iter(each for each in ascii_lowercase if each not in {row.id for row in typed.rows})
    return [
        {
            "id": row.id or next(free),
            "name": {"ja": row.ja, "en": row.en},
            "picture": picture or None,
        }
        for row, picture in shown
    ]


def _samples(text: str, wrong: dict[str, str]) -> int | None:
    if not text:
        return None
    found = whole_number(one_width(text).replace(",", ""), 9)
    if found is None or not 1 <= found <= _SAMPLES_MAX:
        wrong["samples"] = "number"
        return None
    return found
