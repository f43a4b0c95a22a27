"""Whatever the file can say, a form asks, and calls by a name in both languages."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from rules.base import LANGS, Lang, leaves
from rules.editing import labels, parts
from rules.editing.broadcasts import CONTROLS, FILTER
from rules.editing.controls import (
    AnyOptions,
    Control,
    OneOf,
    OneOption,
    Repeated,
    Table,
    controls_of,
    has_id,
    is_fixed,
)
from rules.editing.labels import label
from rules.journeys.kinds import KINDS
from rules.journeys.programme import WholeProgramme
from rules.wording.words import Words
from tests.rules.examples import CAFE, programme

ALL = [
    (section, kind)
    for section in (*parts.SECTIONS, *parts.LISTS)
    for kind in parts.kinds_of(section) or ("",)
]


def within(controls: tuple[Control, ...]) -> Iterator[Control]:
    for control in controls:
        yield control
        if isinstance(control, Table | Repeated):
            yield from within(control.inside)
        if isinstance(control, OneOf):
            for kind in control.kinds.values():
                yield from within(kind)


def models_below(model: Any) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for leaf in leaves(field.annotation):
            for inner in leaves(get_args(leaf)[0]) if get_origin(leaf) is tuple else (leaf,):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    yield from models_below(inner)


def test_each_field_of_each_model_has_a_control() -> None:
    asked = {
        (c.owner, c.key) for section, kind in ALL for c in within(parts.controls(section, kind))
    }
    models = {m for root in (WholeProgramme, *KINDS) for m in models_below(root)}
    # Texts in both languages are one control.
    models -= {model for model in models if set(model.model_fields) == set(LANGS)}
    assert len(models) > 70
    for model in models - {WholeProgramme}:
        asks_id = (model.__name__, "id") in asked
        fields = {key for key, field in model.model_fields.items() if not is_fixed(field)}
        fields -= set() if asks_id or not has_id(model) else {"id"}
        assert {(model.__name__, key) for key in fields} <= asked
    assert set(WholeProgramme.model_fields) - {"format"} == {*parts.SECTIONS, *parts.LISTS}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("section", "kind"), ALL)
def test_each_control_and_each_choice_has_a_name(section: str, kind: str, lang: Lang) -> None:
    words = Words(programme(CAFE), lang)
    for control in within(parts.controls(section, kind)):
        assert label(words, control)
        offered = control.options if isinstance(control, OneOption | AnyOptions) else ()
        for value in (*offered, *(control.kinds if isinstance(control, OneOf) else ())):
            named = labels.option(words, control, value)
            # The shop's two Japanese words for a visit are their own names.
            spoken = control.key == "visit_word" or control.owner == "Survey"
            assert spoken or named != value, (control.key, value)


@pytest.mark.parametrize("lang", LANGS)
def test_each_question_of_a_broadcast_and_of_a_filter_has_a_name(lang: Lang) -> None:
    words = Words(programme(CAFE), lang)
    for control in (*within(CONTROLS), *FILTER):
        assert label(words, control)
        for value in control.options if isinstance(control, OneOption | AnyOptions) else ():
            # Some are called in English as the file calls them.
            named = labels.option(words, control, value)
            assert named != value or lang == "en", (control.owner, control.key)


def test_what_names_other_parts_is_chosen_among_them() -> None:
    words = Words(programme(CAFE), "ja")
    by_key: dict[str, Any] = {c.key: c for c in parts.controls("earning")}
    assert labels.options(words, by_key["stores"]) == [("ekimae", "駅前店"), ("kawabe", "川辺店")]
    assert [each for each, _ in labels.options(words, by_key["ranks"])] == [
        "bronze",
        "silver",
        "gold",
    ]
    assert [each for each, _ in labels.options(words, by_key["streak"])] == [
        streak.id for streak in words.programme.streaks
    ]


def test_a_sentence_of_the_file_is_said_as_the_forms_say_it() -> None:
    words = Words(programme(CAFE), "ja")
    said = "`every` と `at` のどちらか一方だけを書いてください"
    assert labels.in_words(words, said) == (
        "「何回ごとに」 と 「何回目に（例：3, 5, 10）」 のどちらか一方だけを書いてください"
    )
    cut = labels.in_words(words, "min_purchase_yen を決めてください（visits_10 もどうぞ）")
    assert cut == "「必要なお買い上げ額（円）」 を決めてください（visits_10 もどうぞ）"


def test_bounds_are_said_where_somebody_might_pass_them() -> None:
    words = Words(programme(CAFE), "ja")
    visits: dict[str, Any] = {c.key: c for c in controls_of(parts.SECTIONS["visits"])}
    assert labels.bounds(words, visits["per_day_max"]) == "1〜24"
    limits: dict[str, Any] = {c.key: c for c in controls_of(parts.SECTIONS["limits"])}
    assert labels.bounds(words, limits["points_max"]) == ""
