"""The two programmes that ship, as text, and small changes to them."""

from pathlib import Path

from rules.checking.reading import InvalidProgramme, parse
from rules.journeys.programme import WholeProgramme

ROOT = Path(__file__).parents[2]
CAFE = (ROOT / "program.toml").read_text(encoding="utf-8")
GYM = (ROOT / "docs" / "programs" / "gym.toml").read_text(encoding="utf-8")

#: The least that is a programme: nothing is earned in it.
LEAST = """
format = 1
[shop]
name = { ja = "店" }
legal_name = "店"
[[stores]]
id = "main"
name = { ja = "本店" }
[points]
expiry = { kind = "never" }
[privacy]
policy_url = "https://example.com/"
purpose = { ja = "ポイントのため" }
contact = { ja = "店頭" }
"""
#: Points for joining, to be put behind it.
WELCOME = """
[[earning]]
id = "welcome"
name = { ja = "ご入会" }
on = "registration"
award = { kind = "first", points = 50 }
"""
#: A subscription with its price, which two plans of LINE's membership stand for.
BEANS = """
[[subscriptions]]
id = "beans"
name = { ja = "豆の定期便", en = "Beans every month" }
line_memberships = [3189, 3190]
[[subscriptions.perks]]
name = { ja = "定期の方の価格", en = "The subscriber's price" }
kind = "price"
percent = 10
"""
#: What is given at its third delivery.
THIRD = """
[[rewards]]
id = "third"
name = { ja = "3回めのお礼のドリンク", en = "A drink at the third" }
kind = "coupon"
given = { kind = "nth_delivery", at = [3] }
valid_days = 30
value_yen = 400
"""
#: What a rank's members have before others, to be put behind the rank.
EARLY = """
[[ranks.steps.perks]]
name = { ja = "春を先どり", en = "Spring first" }
kind = "early_access"

[[ranks.steps.perks]]
name = { ja = "先にお求め", en = "Presale" }
kind = "presale"
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """`text` with the first place of each old part replaced; an old part must be there."""
    for old, new in changes:
        assert old in text, f"the example has no {old!r} any more"
        text = text.replace(old, new, 1)
    return text


def programme(text: str) -> WholeProgramme:
    """The programme written in `text`, which must be a good one."""
    parsed = parse(text)
    assert not isinstance(parsed, InvalidProgramme), [
        problem.line("en") for problem in parsed.problems
    ]
    return parsed


def cafe(*changes: tuple[str, str]) -> WholeProgramme:
    return programme(changed(CAFE, *changes))


def least(*parts: str) -> WholeProgramme:
    """The least programme, and some more parts."""
    return programme("\n".join((LEAST, *parts)))
