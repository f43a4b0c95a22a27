"""Whatever can happen has a name in both languages."""

from typing import get_args, get_type_hints

import pytest

from rules.activity import Membership, MembershipChanged, Occasion, ProfileTold, StepId, What
from rules.base import LANGS, Lang
from rules.wording.texts import has_text


def names() -> list[str]:
    plain = {kind.__name__.lower() for kind in get_args(What)}
    plain -= {kind.__name__.lower() for kind in (Occasion, MembershipChanged, ProfileTold)}
    plain |= set(get_args(get_type_hints(Occasion)["trigger"]))
    plain -= {"fanstepsanswered", "broughtalong"}
    plain |= {"fan_begun", "fan_declined", "brought", "stamps"}
    plain |= {f"told_{step}" for step in get_args(StepId) if step != "birthday"}
    return sorted(plain | {f"membership_{state}" for state in get_args(Membership)})


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", names())
def test_what_happened_has_a_name_in_a_history(name: str, lang: Lang) -> None:
    assert has_text(lang, f"activity.{name}.history")
