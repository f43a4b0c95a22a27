"""What uses a segment, and that nothing of it is thrown away meanwhile."""

import pytest

from bot.store.history import drafts
from bot.store.messages import segments
from bot.store.messages.segments import by_slug
from handlers.actions.broadcasts.leading import send_at
from handlers.actions.many.segments import used_by
from handlers.actions.programme.drafting import PartChange, begin_with, change_part, draft_of
from handlers.actions.programme.publishing import publish_draft
from handlers.jobs.broadcasts.queue import run_if_due
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme
from rules.editing.parts import Part, mark_of, values_of
from tests.handlers.broadcasting import OWNER, sends, stored, takes, writes
from tests.handlers.clubs import DAY, HOUR, SmallClub
from tests.handlers.jobs.messages import everybody
from tests.handlers.segments_saved import becomes, drops, kept, saves
from tests.rules.examples import CAFE, changed

ARM = 'arms = [{ id = "a" }, { id = "b", segments = ["vip"] }]'
LAPSED = 'kind = "lapsed" '


def first(slug: str) -> str:
    said = f'first = {{ segments = ["{slug}"], until = 2026-02-01 }}'
    return changed(CAFE, ('id = "off_100"', f'id = "off_100"\n{said}'))


def drafts_it(cafe: SmallClub, text: str) -> object:
    with cafe.work(OWNER, key=cafe.key()) as work:
        there = drafts.find(work.uow)
        return begin_with(work, text, there.revision if there else 0)


def users(cafe: SmallClub, slug: str = "vip") -> list[str]:
    with cafe.work(OWNER) as work:
        found = used_by(work, by_slug(work.uow, [slug])[slug])
    parts = [f"{use.section}:{use.id}" for use in found.parts]
    parts += [f"until: {use.section}:{use.id}" for use in found.parts_until]
    return [*parts, *(each.broadcast.name for each in found.broadcasts)]


def test_a_draft_that_names_none_there_is_says_where_and_what_there_is(cafe: SmallClub) -> None:
    saves(cafe, "常連")
    no = drafts_it(cafe, first("vip"))
    assert isinstance(no, InvalidProgramme)
    [problem] = no.problems
    assert problem.path.startswith("rewards[")
    assert "first.segments" in problem.path
    assert problem.message("ja") == '"vip" という条件（セグメント）はありません。あるもの: segment'
    assert 'no segment "vip"; there is: segment' in problem.message("en")


def test_a_segment_of_the_draft_of_what_is_in_force_or_of_what_waits_is_kept(
    cafe: SmallClub,
) -> None:
    vip = saves(cafe)
    assert vip.slug == "vip"
    drafts_it(cafe, first("vip"))
    assert users(cafe) == ["rewards:off_100"]
    assert drops(cafe, vip) == Refusal("segment_used")
    with cafe.work(OWNER, key=cafe.key()) as work:
        draft = draft_of(work)
        publish_draft(work, draft.revision, cafe.now + DAY)
    cafe.club.programmes.forget()
    assert users(cafe) == ["rewards:off_100"], "it waits for its moment"
    cafe.passes(days=2)
    assert drops(cafe, vip) == Refusal("segment_used")
    drafts_it(cafe, CAFE)
    assert users(cafe) == ["until: rewards:off_100"], "members have it until that is published"
    assert drops(cafe, vip) == Refusal("segment_used")
    cafe.publishes(CAFE)
    assert users(cafe) == []
    assert drops(cafe, vip) is None
    cafe.club.programmes.forget()
    assert saves(cafe).slug == "vip_2", "what an older version meant is nobody else's"


def test_what_was_dropped_while_somebody_wrote_is_found_when_it_is_published(
    cafe: SmallClub,
) -> None:
    vip = saves(cafe)
    drafts_it(cafe, first("vip"))
    with cafe.store.begin() as uow:
        segments.drop(uow, vip.id)
    with cafe.work(OWNER, key=cafe.key()) as work:
        done = publish_draft(work, draft_of(work).revision)
    assert isinstance(done, InvalidProgramme)


def test_another_name_is_the_same_segment_to_the_programme(cafe: SmallClub) -> None:
    vip = saves(cafe)
    cafe.publishes(first("vip"))
    becomes(cafe, vip, name="とくべつな方")
    assert users(cafe) == ["rewards:off_100"]
    with cafe.work(OWNER, key=cafe.key()) as work:
        there = values_of(
            __import__("tomllib").loads(draft_of(work).text), Part("rewards", "off_100")
        )
        assert there is not None
        done = change_part(
            work, PartChange(Part("rewards", "off_100"), {**there, "value_yen": 90}, mark_of(there))
        )
    assert not isinstance(done, InvalidProgramme | Refusal)


@pytest.mark.parametrize("says", [ARM, 'segments = ["vip"]'])
def test_a_journey_and_an_arm_use_it_too(cafe: SmallClub, says: str) -> None:
    saves(cafe)
    cafe.publishes(changed(CAFE, (LAPSED, f"{says}\n{LAPSED}")))
    assert users(cafe) == ["journeys:lapsed"]


def test_a_broadcast_uses_it_until_it_began_and_a_version_that_is_tried_until_it_is_over(
    cafe: SmallClub,
) -> None:
    everybody(cafe, 2)
    vip = kept(cafe)
    first_ones = writes(cafe, first={"segments": ["vip"], "until": "2026-01-07"})
    assert drops(cafe, vip) == Refusal("segment_used")
    assert sends(cafe, first_ones) is None
    assert drops(cafe, vip) is None
    assert stored(cafe, first_ones).broadcast.first_then is not None
    again = kept(cafe)
    trial = {"arms": [{"title": {"ja": "別"}, "segments": ["vip"]}], "share_percent": 50}
    tried = writes(cafe, trial=trial)
    assert sends(cafe, tried) is None
    assert drops(cafe, again) == Refusal("segment_used")
    assert takes(cafe, "stop", tried) is None


def test_a_broadcast_that_was_halted_before_it_noted_a_segment_asks_for_it_still(
    cafe: SmallClub,
) -> None:
    everybody(cafe, 2)
    vip = kept(cafe)
    number = writes(cafe, first={"segments": ["vip"], "until": "2026-01-07"})
    with cafe.work(OWNER, key=cafe.key()) as work:
        assert send_at(work, number, cafe.now + HOUR, revision=1) is None
    becomes(cafe, vip, ranks=["mithril"])
    cafe.passes(hours=2)
    run_if_due(cafe.club)
    assert stored(cafe, number).halted == "broadcast_rank_gone"
    assert drops(cafe, vip) == Refusal("segment_used")
    becomes(cafe, vip, languages=["ja"])
    assert takes(cafe, "resume", number) is None
    assert drops(cafe, vip) is None


def test_a_version_for_a_segment_that_is_gone_is_not_sent(cafe: SmallClub) -> None:
    everybody(cafe, 2)
    trial = {"arms": [{"title": {"ja": "別"}, "segments": ["vip"]}], "share_percent": 50}
    tried = writes(cafe, trial=trial)
    assert sends(cafe, tried) == Refusal("segment_gone")
    kept(cafe)
    assert sends(cafe, tried) is None
