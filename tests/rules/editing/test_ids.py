"""Ids that forms make are such as the file takes, and no two are the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rules.editing.ids import new_id


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
