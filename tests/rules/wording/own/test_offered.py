"""Which texts a shop may say otherwise: what protects members, or is read by a program, it may
not, and nobody adds such a text unprotected."""

import re
from pathlib import Path

import pytest

from bot.line import limits
from rules.base import LANGS, Lang
from rules.characters import graphemes
from rules.wording.own.offered import (
    BAR_MAX,
    LABEL_MAX,
    MEMBERS_REFUSALS,
    PLACES,
    PROTECTED,
    kept_why,
    offered,
    one_and_other,
    place_of,
    placeholders_of,
    room_of,
)
from rules.wording.own.samples import sample_filled, samples
from rules.wording.texts import has_text, keys, text_of
from tests.rules.wording.rendered import OWNERS
from tests.rules.wording.test_refusals import codes

#: What speaks of consent, of stopping and leaving, of advertising, of guardians, of whom to ask.
PROTECTING = re.compile(
    "同意|停止|止め|保護者|個人情報|プライバシー|広告|景品|消去|退会する|受け取らない"
    "|PR|[Cc]onsent|[Aa]gree|\\bstop|guardian"
    "|[Pp]rivacy|personal data|advertis|opt[- ]out|unsubscribe|[Ee]rase"
)
#: Sections that no member reads.
NOT_MEMBERS = {
    *OWNERS, "staff", "owner", "scan", "survey_results", "funnel", "returning", "off_peak", "page",
    "doctor", "alarm", "api",
}  # fmt: skip


def words_of(key: str) -> str:
    return "\n".join(form for lang in LANGS for form in one_and_other(text_of(lang, key)))


def test_no_text_that_protects_members_is_offered() -> None:
    assert [key for key in offered() if PROTECTING.search(words_of(key))] == []


def test_every_protected_family_is_there() -> None:
    """A pattern that fits nothing is a text renamed, and so perhaps unprotected."""
    for patterns in PROTECTED.values():
        for pattern in patterns:
            assert any(re.fullmatch(pattern, key) for key in keys("ja")), pattern


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("chat.sms.wording", "consent"), ("chat.welcome.privacy", "consent"),
        ("chat.my_data.consent.guardian", "consent"), ("chat.button.profile_agree", "consent"),
        ("profile.form.agree", "consent"), ("chat.my_reviews.consent", "consent"),
        ("programme.policy", "consent"), ("sms.text", "stop"), ("sms.ask.body", "stop"),
        ("chat.topics.about.points", "stop"), ("push.newsletter.stop", "stop"),
        ("newsletter.how_to_stop", "stop"), ("chat.button.leave_yes", "stop"),
        ("share.post", "pr"), ("chat.share.pr", "pr"), ("activity.share.each", "pr"),
        ("voices.rewarded", "pr"), ("chat.birthday.guardian", "guardian"),
        ("chat.button.guardian_yes", "guardian"), ("refusal.guardian_missing.why", "guardian"),
        ("paper.slip_message", "machine"), ("counter.message", "machine"),
        ("chat.referral.message", "machine"), ("chat.rank.step", "machine"),
        ("chat.sorry", "early"), ("refusal.busy.then", None), ("chat.talk.hello", None),
    ],
)  # fmt: skip
def test_what_stays_as_it_is(key: str, why: str | None) -> None:
    assert kept_why(key) == why
    assert (key in offered()) == (why is None)


def test_whoever_is_to_be_asked_is_named_by_no_other_words() -> None:
    naming = [
        key for key in offered() if re.search(r"\{(?:sender|contact|purpose)\}", words_of(key))
    ]
    assert naming == []


def test_every_text_that_members_read_is_offered_or_protected() -> None:
    sections = {key.split(".")[0] for key in keys("ja")} - NOT_MEMBERS
    assert sections == {name.split(".")[0] for each in PLACES.values() for name in each}


def test_what_the_owner_and_the_staff_read_is_not_offered() -> None:
    for key in offered():
        assert key.split(".")[0] not in NOT_MEMBERS
        assert ".staff." not in key
    assert place_of("explain.kind.award.fixed") is None
    assert place_of("journey.birthday.a.title") is None, "it has a form of its own"


def test_the_refusals_that_members_alone_hear_or_hear_in_words_of_their_own_are_offered() -> None:
    members = {
        code
        for code, by in codes().items()
        if by == {"member"} or ("member" in by and has_text("ja", f"refusal.{code}.staff.why"))
    }
    assert members <= MEMBERS_REFUSALS
    assert set(codes()) >= MEMBERS_REFUSALS


def test_labels_have_the_room_that_line_gives_them() -> None:
    assert LABEL_MAX == limits.SHORT_LABEL_GRAPHEMES
    assert BAR_MAX == limits.CHAT_BAR_UNITS
    assert room_of("ja", "chat.button.card").most == LABEL_MAX
    assert not room_of("ja", "chat.button.card").lines
    assert room_of("ja", "chat.talk.hello").lines


@pytest.mark.parametrize("lang", LANGS)
def test_our_own_texts_have_room(lang: Lang) -> None:
    for key in offered():
        room = room_of(lang, key)
        for form in one_and_other(text_of(lang, key)):
            assert len(graphemes(sample_filled(lang, form))) <= room.most <= 1_000


@pytest.mark.parametrize("lang", LANGS)
def test_of_every_placeholder_a_sample_is_known(lang: Lang) -> None:
    names = {name for key in offered() for name in placeholders_of(lang, key)}
    assert names - samples(lang).keys() == set()


def test_no_plain_say_speaks_to_members_where_a_programme_is_known() -> None:
    """`say` alone doesn't know a shop's own words: what is offered is said by `Words`."""
    root = Path(__file__).parents[4]
    found = []
    for floor in ("rules", "handlers"):
        for file in (root / floor).rglob("*.py"):
            for key in re.findall(r"""(?<![.\w])say\([^,()]+, f?"([a-z_.{}]+)""", file.read_text()):
                pattern = re.escape(key).replace(r"\{", "{").replace(r"\}", "}")
                pattern = re.sub(r"\{[^}]*\}?", "[a-z_.]*", pattern)
                found += [(file.name, each) for each in offered() if re.fullmatch(pattern, each)]
    assert found == []
