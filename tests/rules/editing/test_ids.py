"""Ids that forms make are such as the file takes, and no two are the same."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.editing.ids import new_id, with_perk_ids
from rules.editing.parts import Part
from rules.programme.ranks import key_of_words


@given(st.text(max_size=80), st.sets(st.sampled_from(["rule", "rule_2", "box", "a"])))
def test_an_id_is_one_and_nobody_elses(english: str, taken: set[str]) -> None:
    made = new_id({"name": {"ja": "名前", "en": english}}, "rule", taken)
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", made)
    assert made not in taken


def test_it_says_what_it_is() -> None:
    assert (
        new_id({"title": {"ja": "焼き菓子", "en": "Box of bakes!"}}, "reward", ()) == "box_of_bakes"
    )
    assert new_id({"name": {"ja": "焼き菓子"}}, "reward", {"reward"}) == "reward_2"


def _ranks(*of_each: list[dict[str, Any]]) -> dict[str, Any]:
    return {"steps": [{"id": f"r{n}", "perks": perks} for n, perks in enumerate(of_each)]}


def _perk(name: str, own: str = "") -> dict[str, Any]:
    return ({"id": own} if own else {}) | {"name": {"ja": name}}


def _perks_of(ranks: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
    return [
        [(perk.get("id", ""), perk["name"]["ja"]) for perk in step["perks"]]
        for step in ranks["steps"]
    ]


def _typed(before: dict[str, Any], typed: dict[str, Any], **others: Any) -> Any:
    data = {"ranks": before, **others}
    return _perks_of(with_perk_ids(typed, Part("ranks"), data))


COFFEE, TEA = key_of_words("珈琲"), key_of_words("紅茶")


def test_a_perk_that_is_called_otherwise_is_known_as_before() -> None:
    before = _ranks([_perk("珈琲")])
    assert _typed(before, _ranks([_perk("紅茶", COFFEE)])) == [[(COFFEE, "紅茶")]]


def test_a_new_perk_has_an_id_and_an_old_one_that_needs_none_is_left_alone() -> None:
    before = _ranks([_perk("珈琲")])
    typed = _ranks([_perk("珈琲", COFFEE), _perk("紅茶")])
    assert _typed(before, typed) == [[("", "珈琲"), (TEA, "紅茶")]]


def test_the_name_that_another_gave_up_is_a_perk_of_its_own() -> None:
    before = _ranks([_perk("珈琲")])
    [[(first, _), (second, name)]] = _typed(before, _ranks([_perk("紅茶", COFFEE), _perk("珈琲")]))
    assert first == COFFEE
    assert name == "珈琲"
    assert second not in ("", COFFEE)


def test_one_of_two_that_were_one_becomes_another_when_it_alone_is_renamed() -> None:
    before = _ranks([_perk("珈琲")], [_perk("珈琲")])
    typed = _ranks([_perk("紅茶", COFFEE)], [_perk("珈琲", COFFEE)])
    assert _typed(before, typed) == [[(TEA, "紅茶")], [("", "珈琲")]]
    both = _ranks([_perk("紅茶", COFFEE)], [_perk("紅茶", COFFEE)])
    assert _typed(before, both) == [[(COFFEE, "紅茶")], [(COFFEE, "紅茶")]]


def test_what_a_subscription_brings_by_the_same_name_is_the_same_perk() -> None:
    beans = {"id": "beans", "perks": [_perk("紅茶", "tea")]}
    assert _typed(_ranks([]), _ranks([_perk("紅茶")]), subscriptions=[beans]) == [[("tea", "紅茶")]]
    renamed = with_perk_ids(
        {"id": "beans", "perks": [_perk("珈琲", "tea")]},
        Part("subscriptions", "beans"),
        {"ranks": _ranks([_perk("紅茶", "tea")]), "subscriptions": [beans]},
    )
    assert renamed["perks"] == [{"id": COFFEE, "name": {"ja": "珈琲"}}], "the rank's stays"


@pytest.mark.parametrize("broken", [{"perks": "?"}, {"perks": [{}]}, {"steps": 3}, {}])
def test_what_is_no_perk_yet_stays_as_it_was_typed(broken: dict[str, Any]) -> None:
    assert with_perk_ids(broken, Part("ranks"), {}) == broken
    assert with_perk_ids(broken, Part("rewards", "any"), {}) == broken
