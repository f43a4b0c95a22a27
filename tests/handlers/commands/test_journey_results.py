"""`journeys results`, `decide` and `roll-out`: what an owner reads of the club's own outbox and
visits, and what becomes of what they decide."""

from collections.abc import Iterator, Sequence
from math import log, sqrt
from random import Random

import click
import pytest
from sqlalchemy import select

from bot.store.staff import flags
from bot.store.tables import audit_log, journey_decisions
from bot.store.tables import outbox as table
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from tests.handlers.clubs import club_on
from tests.handlers.commands.messages import FIRST_VISIT, ONE, Messages
from tests.rules.examples import LEAST

#: An episode: on which arm (None: held back), with what chance (None: as of before), who came.
Drawn = tuple[str | None, float | None, bool]
TWO = LEAST + FIRST_VISIT.replace('[{ id = "a" }]', '[{ id = "a" }, { id = "b" }]')


@pytest.fixture
def club(database_url: str) -> Iterator[Messages]:
    with club_on(database_url, ONE) as club:
        yield Messages(club)


@pytest.fixture
def versions(database_url: str) -> Iterator[Messages]:
    """With two versions of the message."""
    with club_on(database_url, TWO) as club:
        yield Messages(club)


def episodes(count: int, *, lift: float, arms: str = "a", seed: int = 1) -> list[Drawn]:
    """So many episodes, of which some were held back; each arm lifts by `lift` more than the one
    before it."""
    random, found = Random(seed), list[Drawn]()
    for number in range(count):
        chance = random.choice([0.2, 0.4, 0.7])
        arm = None if number % 5 < 2 else arms[number % len(arms)]
        more = 0.0 if arm is None else lift * (1 + arms.index(arm))
        found.append((arm, chance, random.random() < chance + more))
    return found


def by_least_squares(side: Sequence[tuple[float, bool]], at: float) -> tuple[float, float]:
    """An ordinary regression of coming on chance: what it foretells `at`, and the variance."""
    n, mean = len(side), sum(x for x, _ in side) / len(side)
    share, spread = sum(y for _, y in side) / n, sum((x - mean) ** 2 for x, _ in side)
    slope = sum((x - mean) * (y - share) for x, y in side) / spread
    left = sum((y - share - slope * (x - mean)) ** 2 for x, y in side) / (n - 2)
    return share + slope * (at - mean), left * (1 / n + (at - mean) ** 2 / spread)


def figures(drawn: Sequence[Drawn], lift: float = 0.1) -> tuple[float, float, float]:
    """What a hundred messages bring, and the range that always holds (Robbins's mixture)."""
    mine = [(x or 0.0, came) for arm, x, came in drawn if arm]
    other = [(x or 0.0, came) for arm, x, came in drawn if not arm]
    at = sum(x for x, _ in [*mine, *other]) / len(drawn)
    (one, variance), (two, variance_of_other) = (by_least_squares(s, at) for s in (mine, other))
    error = sqrt(variance + variance_of_other)
    phi = 1 / lift**2
    apart = error * sqrt((1 + phi * error**2) * (log(1 + 1 / (phi * error**2)) + 2 * log(20)))
    return 100 * (one - two), 100 * (one - two - apart), 100 * (one - two + apart)


def words(number: float) -> str:
    return f"{abs(number):.0f} {'more' if number > 0 else 'fewer'}"


def unclear(club: Messages) -> None:
    """Of ten who were held back five come, of thirty others eighteen."""
    club.people(40)
    club.fall_due(
        [("a" if n % 4 else None, 0.4, (n < 12 and n != 8) or n >= 28) for n in range(40)]
    )


def decisions(club: Messages) -> list[tuple[str, str | None, str]]:
    row = journey_decisions.c
    with club.club.store.read() as uow:
        found = uow.run(select(row.step, row.arm, row.made_by).order_by(row.number)).all()
    return [(each.step, each.arm, each.made_by) for each in found]


def test_the_figures_are_those_of_a_regression_on_what_was_foretold(club: Messages) -> None:
    drawn = episodes(90, lift=0.4)
    club.people(30)
    for start in (0, 30, 60):
        club.fall_due(drawn[start : start + 30])
    told = club.run("results", "--lang", "en")
    about, low, high = figures(drawn)
    assert f"about {abs(about):.0f} more people come within 14 days" in told
    assert f"anything from {words(low)} to {words(high)} for every 100 messages." in told
    mine, other = (
        round(100 * sum(came for arm, _, came in drawn if bool(arm) == sent) / count)
        for sent, count in ((True, 54), (False, 36))
    )
    assert f"for sending 54 times: a visit followed {mine} times in every 100." in told
    assert f"Drawn for not sending 36 times: {other} in every 100." in told
    # What is told beside both sides, and isn't their plain difference, is told apart from it.
    assert (
        f"The difference between the two sides is {mine - other} more for every 100; "
        f"it becomes about {words(about)} after allowing"
    )
    # All messages together are these alone.
    together, one = told.split("\n\n")[:2]
    assert together.strip().startswith("All messages together: ")
    assert one.splitlines()[0].startswith("After the first visit, counted since")
    assert f"about {abs(about):.0f} more people come within 14 days than" in together
    assert "nobody has met the conditions: " in told
    assert "visit_margin_yen" in told


def test_a_test_that_began_with_draws_for_members_goes_on_with_those_for_episodes(
    club: Messages,
) -> None:
    """What was drawn for a member counts once, whatever followed, and is compared within itself."""
    club.people(40)
    before: list[Drawn] = [
        (None if n % 4 == 0 else "a", None, n % 3 == 0 or n % 8 == 1) for n in range(40)
    ]
    club.fall_due(before)
    # The same members again, as the old way drew them: the first time alone counts.
    club.fall_due([(arm, None, True) for arm, _, _ in before])
    after = episodes(40, lift=0.2)
    club.fall_due(after)
    told = club.run("results", "--lang", "en")
    held, sent = ([came for arm, _, came in before if bool(arm) == side] for side in (False, True))
    old = 100 * (sum(sent) / len(sent) - sum(held) / len(held))
    # Both are of forty episodes.
    about = (old + figures(after)[0]) / 2
    assert f"{words(about)} within 14 days for every 100 messages" in told
    assert "Drawn by lot for sending 54 times" in told
    assert "Drawn for not sending 26 times" in told


def test_too_early_it_says_how_many_there_are_and_when_there_will_be_enough(
    club: Messages,
) -> None:
    club.people(10)
    club.fall_due([*[("a", 0.4, n < 3) for n in range(6)], *[(None, 0.4, False)] * 4])
    told = club.run("results", "--lang", "en", "--journey", "first_visit")
    assert "After the first visit, counted since Jan 5, 2026: nothing to say yet" in told
    assert (
        "Still too few: sent it, and a visit (3 so far), sent it, and no visit (3 so far), "
        "not sent it, and a visit (0 so far) and not sent it, and no visit (4 so far). "
    ) in told
    # None of four, and our guess, 3.5 of ten, beside them: 20 more until five have come. Of 44 a
    # year three in ten are held back; then a fortnight.
    assert "In about 19 months a first rough figure can be shown." in told
    assert "All messages together: " not in told
    for word in ("decide", "roll-out"):
        said = club.run(word, "--journey", "first_visit", "--yes", "--lang", "en", fails=True)
        assert "After the first visit" in said
    assert "Something can be said in about 19 months." in club.run(
        "decide", "--journey", "first_visit", "--lang", "en", fails=True
    )
    assert "There is nothing to decide yet." in club.run("decide", "--lang", "en")
    assert decisions(club) == []


def test_whoever_never_heard_of_statistics_reads_it_in_their_language(club: Messages) -> None:
    unclear(club)
    told = club.run("results", "--lang", "ja")
    assert "お知らせ全体をまとめると：まだ分かりません" in told
    assert "14日以内にご来店になる方の差は、何も送らなかった場合と比べて100通で" in told
    assert "が、偶然かもしれません。" in told
    assert (
        "ご来店を減らしている、変わらない、増やしている、のどれもまだありえます（計算上の幅は100通で"
        in told
    )
    # What may be nothing is told nowhere as so many visitors.
    assert "多くなっています" not in told
    assert told == club.run("results")


def test_whether_it_pays_is_told_once_it_is_known_what_a_visit_earns(club: Messages) -> None:
    unclear(club)
    assert "pays for them" not in club.run("results", "--lang", "en")
    club.club.publishes(ONE + "[sending]\nvisit_margin_yen = 600\nmessage_yen = 2.5\n")
    told = club.run("results", "--lang", "en")
    assert (
        "If a visit leaves you ¥600 of profit (the figure in your settings), one extra visit "
        "in about 240 messages pays for them (¥2.5 a message). "
        "Whether they pay for themselves can't be told yet."
    ) in told
    assert "visit_margin_yen" not in told


def test_what_pays_for_a_version_with_a_gift_is_told_beside_it(versions: Messages) -> None:
    won(versions)
    gift = TWO.replace('{ id = "b" }', '{ id = "b", offer = { points = 50 } }')
    versions.club.publishes(gift + "[sending]\nvisit_margin_yen = 600\n")
    told = versions.run("results", "--lang", "en")
    # A point is worth a yen; 36 of 42 come for their 50, of 84 messages.
    assert "in about 25 messages pays for them (¥3 a message, and the gifts)" in told
    assert "“a” pays for itself with one extra visit in about 200 messages" in told
    assert "“b” pays for itself with one extra visit in about 13 messages" in told


def won(club: Messages) -> None:
    """Both versions help, and "b" far more: of 42 each, 36 come, 18 with "a", and 9 of those who
    were held back."""
    club.people(42)
    came = {None: 3, "a": 6, "b": 12}
    for _ in range(3):
        arms: list[str | None] = [(None, "a", "b")[n % 3] for n in range(42)]
        club.fall_due([(arm, 0.3, n // 3 < came[arm]) for n, arm in enumerate(arms)])


def test_what_has_won_is_rolled_out_and_taken_back(versions: Messages) -> None:
    won(versions)
    told = versions.run("results", "--lang", "en")
    assert "“b” is clearly better than “a”: about 43 more for every 100 times" in told
    assert "“b”, against sending nothing: about 64 more for every 100 messages" in told
    assert "“b” surely does best." in told
    roll_out = ("roll-out", "--journey", "first_visit", "--lang", "en")
    said = versions.run(*roll_out, types="n\n")
    assert "from now on everybody gets “b” (works, about " in said
    assert "except in 10 of 100 cases" in said
    assert "Nothing was changed." in said
    assert decisions(versions) == []
    assert "Done." in versions.run(*roll_out, types="y\n")
    assert "everybody gets “b” since" in versions.run(*roll_out, fails=True)
    after = versions.run("results", "--lang", "en")
    assert "everybody gets “b”. In 10 of 100 cases, drawn by lot, nothing is sent" in after
    assert "surely does best" not in after
    back = versions.run(*roll_out, "--undo", "--yes")
    assert "nothing is sent in 30 of 100 cases" in back
    assert decisions(versions) == [("rolled_out", "b", "owner"), ("undone", None, "owner")]
    assert "nothing was decided" in versions.run("decide", "--journey", "first_visit", "--undo",
                                                 "--lang", "en", fails=True)  # fmt: skip
    with versions.club.store.read() as uow:
        noted = uow.run(select(audit_log.c.action).order_by(audit_log.c.id)).scalars().all()
    assert noted[-2:] == ["journey_rolled_out", "journey_undone"]


def test_a_version_for_some_only_is_told_for_its_messages_and_for_all_it_was_drawn_for(
    versions: Messages,
) -> None:
    """Half of those who were drawn to "b" are not of its audience."""
    versions.people(48)
    arms: list[str | None] = [(None, "a", "b", "b-")[n % 4] for n in range(48)]
    came = {None: 3, "a": 4, "b": 11, "b-": 3}
    versions.fall_due([(arm, 0.3, n // 4 < came[arm]) for n, arm in enumerate(arms)])
    versions.fall_due([(arm, 0.3, n // 4 < came[arm]) for n, arm in enumerate(arms)])
    told = versions.run("results", "--lang", "en")
    # 28 of 48 against 6 of 24 are a third more; of the 48 half were sent a message.
    assert "“b”, against sending nothing: about 67 more for every 100 messages" in told
    assert "“b” sends 50 messages for every 100 times: for these, that is about 33 more." in told
    assert "“a” sends" not in told
    # Each is a verdict on silence; of the two nothing is known.
    assert "Which of “a” and “b” is better can't be told yet." in told


def test_what_keeps_people_away_is_said_and_not_sent_to_more(club: Messages) -> None:
    club.people(60)
    for _ in range(2):
        club.fall_due([("a" if n % 2 else None, 0.4, n < (9 if n % 2 else 48)) for n in range(60)])
    told = club.run("results", "--lang", "en")
    assert "After the first visit, counted since Jan 5, 2026: doesn't work" in told
    # Of thirty 24 come anyway, and four of those written to.
    assert "about 67 fewer people come within 14 days" in told
    assert "It keeps people away. Better change it, or stop it." in told
    assert "it does not work" in club.run(
        "decide", "--journey", "first_visit", "--lang", "en", fails=True
    )
    assert "it does not work" in club.run("decide", "--lang", "en")
    said = club.run("roll-out", "--journey", "first_visit", "--arm", "a", "--lang", "en", types="n")
    assert "switch it off (in the file, `off = true`)" in said
    assert decisions(club) == []


def drawn_of(club: Messages, since: int) -> set[tuple[str | None, str, float | None]]:
    """Of the newest outbox rows of members from that id on: arm, status and share."""
    rows = select(table.c.arm, table.c.status, table.c.share).where(
        table.c.journey == "journey:first_visit", table.c.member_id >= since
    )
    with club.club.store.read() as uow:
        return {(row.arm, row.status, row.share) for row in uow.run(rows)}


def newcomers(club: Messages) -> int:
    """Thirty who came for the first time three days ago; the first one's id."""
    members = [club.club.joins(f"U{club.club.now:%m%d}{n:028x}") for n in range(30)]
    for member in members:
        assert club.club.visits(member, store="main").done
    club.club.passes(days=2)
    return members[0]


def next_day(club: Messages) -> None:
    """The night's work of the day after, and the day's messages."""
    club.club.passes(days=1)
    nightly.run_if_due(club.club.club)
    assert queue.run_if_due(club.club.club)


def test_from_then_on_only_the_winner_is_drawn_and_a_tenth_held_back(versions: Messages) -> None:
    won(versions)
    first = newcomers(versions)
    next_day(versions)
    drawn = drawn_of(versions, first)
    assert {share for _, _, share in drawn} == {0.3}
    assert {arm for arm, _, _ in drawn} == {"a", "b"}
    versions.run("roll-out", "--journey", "first_visit", "--yes")
    # What waits keeps its arm.
    assert drawn_of(versions, first) == drawn
    second = newcomers(versions)
    next_day(versions)
    drawn = drawn_of(versions, second)
    assert {share for _, _, share in drawn} == {0.1}
    assert {arm for arm, _, _ in drawn} == {"b"}
    assert {status for _, status, _ in drawn} == {"queued", "held_out"}
    # Another version starts anew.
    versions.club.publishes(TWO + "version = 2\n")
    assert "first visit, version 1" not in versions.run("results", "--lang", "en")
    third = newcomers(versions)
    next_day(versions)
    assert {share for _, _, share in drawn_of(versions, third)} == {0.3}
    assert {arm for arm, _, _ in drawn_of(versions, third)} == {"a", "b"}


def test_the_night_rolls_out_by_itself_what_has_won(versions: Messages) -> None:
    """Before the day's messages are drawn, once, and the owner reads of it; not where it was taken
    back."""
    versions.club.publishes(TWO + 'promote = "winner"\n')
    versions.club.passes(days=1)
    won(versions)
    first = newcomers(versions)
    next_day(versions)
    assert {arm for arm, _, _ in drawn_of(versions, first)} == {"b"}
    assert {share for _, _, share in drawn_of(versions, first)} == {0.1}
    assert decisions(versions) == [("rolled_out", "b", "night")]
    with versions.club.store.read() as uow:
        [flag] = flags.of_the_club(uow, limit=9)
    assert (flag.kind, flag.details) == ("rolled_out", {"journeys": "first_visit", "arm": "b"})
    versions.run("roll-out", "--journey", "first_visit", "--undo", "--yes")
    next_day(versions)
    assert decisions(versions)[1:] == [("undone", None, "owner")]


def test_of_two_who_decide_at_once_one_is_told(
    versions: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    won(versions)
    decide = ("decide", "--journey", "first_visit", "--lang", "en")
    confirm = click.confirm

    def meanwhile(text: str) -> bool:
        """While the first still thinks, somebody else answers."""
        monkeypatch.setattr(click, "confirm", confirm)
        versions.run(*decide, "--yes")
        return True

    monkeypatch.setattr(click, "confirm", meanwhile)
    assert "somebody else decided this at the same moment" in versions.run(*decide, fails=True)
    assert decisions(versions) == [("decided", "b", "owner")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "--journey", "nothing"), "There is no journey nothing"),
        (("roll-out", "--journey", "points_expiring"), "There is no journey points_expiring"),
        (("roll-out", "--arm", "a"), "--arm needs --journey."),
        (("roll-out", "--journey", "first_visit", "--arm", "c"), "has no version “c”. There is"),
        (("roll-out", "--journey", "first_visit"), "no version surely does best"),
        (("decide", "--journey", "birthday"), "there is no test to end"),
        (("decide", "--journey", "first_visit", "--undo"), "nothing was decided that could be"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    versions: Messages, words: tuple[str, ...], said: str
) -> None:
    told = versions.run(*words, "--lang", "en", fails=True)
    assert told.startswith("Error: ")
    assert said in told
    assert decisions(versions) == []


def test_a_version_that_the_programme_drops_is_no_more_sent(versions: Messages) -> None:
    won(versions)
    versions.run("roll-out", "--journey", "first_visit", "--yes")
    versions.club.publishes(TWO.replace('{ id = "b" }', '{ id = "c" }'))
    told = versions.run("results", "--lang", "en")
    assert "“b”, which everybody was to get since" in told
    assert "is not in the programme any more" in told
    first = newcomers(versions)
    next_day(versions)
    assert {arm for arm, _, _ in drawn_of(versions, first)} == {"a", "c"}
