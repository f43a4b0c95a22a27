"""The programme in the owner's hands: what is opened, changed, published and taken back."""

import html
import re
import tomllib
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.store.history import drafts, programs
from bot.store.history.programs import NOTICE
from bot.store.staff.staff import Role
from handlers.actions.events.making import WrittenEvent, make, take_step
from handlers.actions.recording.actor import Actor
from handlers.showing.addresses import Drawing
from rules.editing import parts
from rules.editing.fields import Filled
from rules.editing.parts import Part, values_of
from rules.wording.texts import say
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.pages.conftest import with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import counter_of
from tests.handlers.pages.staff.members.test_members import somebody
from tests.rules.editing.browser import sent


def address(part: Part) -> str:
    return "/owner/programme/" + "/".join(filter(None, (part.section, part.id)))


def form_of(desks: Desks, part: Part) -> dict[str, list[str]]:
    """What a browser sends of the form if nobody changes anything in it."""
    data = tomllib.loads(draft(desks).text)
    values = values_of(data, part) or {}
    kind = str(values.get("kind", part.id)) if parts.kinds_of(part.section) else ""
    return sent(Filled(values).fields(parts.controls(part.section, kind)))


def draft(desks: Desks) -> drafts.ProgrammeDraft:
    with desks.club.store.read() as uow:
        return drafts.find(uow) or drafts.ProgrammeDraft(programs.newest(uow).text, 1)


def programs_text(desks: Desks) -> str:
    with desks.club.store.read() as uow:
        return programs.newest(uow).text


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def saves(desks: Desks, owner: Browser, part: Part, **fields: str) -> tuple[int, str]:
    """Opens the part's form, changes these fields, and keeps it; the status and the page."""
    page = owner.get(address(part)).text
    form = form_of(desks, part) | {
        name: [*[v]] if isinstance(v, str) else v for name, v in fields.items()
    }
    answer = owner.client.post(
        address(part), data={"csrf_token": owner.csrf, "seen": seen(page), **form}
    )
    return answer.status_code, html.unescape(answer.text)


def test_every_part_has_its_form_and_saving_it_unchanged_changes_nothing(
    desks: Desks, owner: Browser
) -> None:
    overview, before = owner.get("/owner/programme").text, draft(desks).text
    for part in parts.parts_in(tomllib.loads(before)):
        assert f'href="{address(part)}"' in overview, part
        status, page = saves(desks, owner, part)
        assert status == 303, (part, re.findall(r'class="(?:wrong|problem)"[^>]*>([^<]+)', page))
    assert (draft(desks).revision, draft(desks).text) == (0, before)


def test_a_birthday_text_is_changed_published_and_taken_back(desks: Desks, owner: Browser) -> None:
    part = Part("journeys", "birthday")
    before = draft(desks).text
    status, _ = saves(desks, owner, part, **{"title.ja": "{name}、おめでとう！"})
    assert status == 303
    page = owner.get("/owner/draft").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    assert "<ins>{name}、おめでとう！</ins>" in page
    assert owner.post("/owner/draft/publish", revision=revision[1], when="now").status_code == 303
    assert owner.post("/owner/draft/publish", revision=revision[1], when="now").status_code == 409
    with desks.club.store.read() as uow:
        newest = programs.newest(uow)
    assert newest.number == 2
    assert "{name}、おめでとう！" in newest.text
    assert "programme_published" in [line.action for line in desks.logged()]
    assert owner.post("/owner/history/1/back", revision="0").status_code == 303
    assert draft(desks).text == before
    assert owner.post("/owner/history/9/back", revision="1").status_code == 404


def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_stays(
    desks: Desks, owner: Browser
) -> None:
    part = Part("earning", "visit")
    status, page = saves(desks, owner, part, **{"award.points": "たくさん"})
    assert status == 422
    assert 'value="たくさん"' in page
    assert say("ja", "owner.form.some_wrong") in page, "also who doesn't scroll notices"
    wrong = re.search(r'id="award\.points-wrong">([^<]+)<', page)
    assert wrong is not None
    assert wrong[1] == say("ja", "problem.type_int")
    assert draft(desks).revision == 0


def test_a_page_of_yesterday_does_not_undo_what_another_did(desks: Desks, owner: Browser) -> None:
    part = Part("visits")
    old = owner.get(address(part)).text
    assert saves(desks, owner, part, per_day_max="2")[0] == 303
    form = form_of(desks, part) | {"per_day_max": ["3"], "seen": [seen(old)]}
    late = owner.client.post(address(part), data={"csrf_token": owner.csrf, **form})
    assert late.status_code == 409
    assert say("ja", "refusal.part_changed.why") in late.text
    assert 'value="3"' in late.text, "nothing typed is lost"
    assert tomllib.loads(draft(desks).text)["visits"]["per_day_max"] == 2


def test_a_reward_whose_last_day_is_over_is_named_with_its_year(
    desks: Desks, owner: Browser
) -> None:
    saves(desks, owner, Part("rewards", "donation"), ends="2019-01-01")
    said = html.unescape(owner.get("/owner/draft").text)
    assert re.search(r"「[^」]+」の最終日（2019年1月1日）は、もう過ぎています", said)


def test_what_is_empty_because_the_usual_words_are_sent_says_so(owner: Browser) -> None:
    page = owner.get("/owner/programme/journeys/birthday").text
    assert page.count(say("ja", "owner.form.words_by_default")) == 2
    assert say("ja", "owner.form.words_by_default") not in owner.get("/owner/broadcasts/new").text


def test_a_new_reward_gets_an_id_and_one_that_others_need_stays(
    desks: Desks, owner: Browser
) -> None:
    owner.get("/owner/programme/new/rewards")
    fields = {"name.ja": "焼き菓子", "name.en": "Box of bakes", "kind": "gift", "cost": "３００"}
    answer = owner.post("/owner/programme/new/rewards", **fields, value_yen="200円")
    assert answer.status_code == 303
    part = Part("rewards", "box_of_bakes")
    assert values_of(tomllib.loads(draft(desks).text), part) == {
        "id": "box_of_bakes", "name": {"ja": "焼き菓子", "en": "Box of bakes"},
        "kind": "gift", "cost": 300, "value_yen": 200,
    }  # fmt: skip
    page = owner.get(address(part)).text
    assert owner.post(address(part), remove="1", seen=seen(page)).status_code == 303
    needed = Part("rewards", "welcome_back")
    page = owner.get(address(needed)).text
    no = owner.post(address(needed), remove="1", seen=seen(page))
    assert no.status_code == 422
    assert say("ja", "owner.part.others") in no.text


def test_a_message_of_a_kind_that_is_not_there_yet(desks: Desks, owner: Browser) -> None:
    assert "お買い上げ累計" in owner.get("/owner/programme/new/journeys").text
    form = sent(Filled({}).fields(parts.controls("journeys", "spend")))
    form |= {"kind_of": ["spend"], "every_yen": ["40000"], "csrf_token": [owner.csrf]}
    assert owner.client.post("/owner/programme/new/journeys", data=form).status_code == 303
    assert values_of(tomllib.loads(draft(desks).text), Part("journeys", "spend")) == {
        "kind": "spend", "every_yen": 40000
    }  # fmt: skip
    assert owner.get("/owner/programme/new/journeys?kind=nothing").status_code == 404
    assert owner.post("/owner/programme/new/points").status_code == 404
    assert owner.get("/owner/programme/nothing").status_code == 404
    assert owner.get("/owner/programme/rewards/nothing").status_code == 404


def test_a_perk_that_no_event_comes_for_is_named_until_one_does(
    desks: Desks, owner: Browser
) -> None:
    part = Part("journeys", "birthday")
    assert saves(desks, owner, part, **{"title.ja": "{name}、おめでとう！"})[0] == 303
    page = html.unescape(owner.get("/owner/draft").text)
    assert "「試作メニューの試食会にご招待」とお約束していますが" in page
    now = desks.club.now()
    with desks.club.work(Actor(1, "店主", "owner", "ekimae", everywhere=True), key="t:e") as work:
        event_id = make(work, WrittenEvent(event_at(now), (sitting_at(now + timedelta(days=14)),)))
        assert take_step(work, event_id, 1, "open") is None
    assert "とお約束していますが" not in html.unescape(owner.get("/owner/draft").text)


def test_a_perk_that_is_called_otherwise_knows_what_was_given_of_it(
    desks: Desks, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_programme(desks.club, programs_text(desks).replace("at = 3\n", "at = 1\n", 1))
    desks.club.programmes.forget()
    counter = counter_of(desks)
    member = counter.joins("さくら")
    counter.scans(member)
    key = counter.scans(member)["member"]["perks"][0]["key"]
    counter.posts("perk", {"giveId": str(uuid4()), "memberNumber": member.number, "perk": key})
    renamed = {"steps.0.perks.0.name.ja": "季節の豆をひとくち"}
    assert saves(desks, owner, Part("ranks"), **renamed)[0] == 303
    page = html.unescape(owner.get("/owner/draft").text)
    assert "季節の豆をひとくち" in page
    assert key not in page, "it is called by its name, not by its id"
    assert say("ja", "owner.draft.losses") not in page
    revision = str(draft(desks).revision)
    done = owner.post("/owner/draft/publish", revision=revision, when="now")
    assert done.status_code == 303, html.unescape(done.text)
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: 2 * NOTICE)
    desks.club.programmes.forget()
    [sip] = counter.scans(member)["member"]["perks"]
    assert (sip["key"], sip["name"], sip["due"]) == (key, "季節の豆をひとくち", False)
    told = counter.browser.get(f"/staff/members/{member.number}").text
    assert "特典のお渡し「季節の豆をひとくち」" in told


def test_who_loses_something_is_told_before_it_is_published(desks: Desks, owner: Browser) -> None:
    somebody(desks)
    assert saves(desks, owner, Part("points"), **{"expiry.months": "6"})[0] == 303
    page = owner.get("/owner/draft").text
    assert say("ja", "owner.draft.losses") in page
    assert owner.post("/owner/draft/publish", revision="1", when="now").status_code == 409
    [sure] = re.findall(r'name="sure" value="(\d+)"', page)
    done = owner.post("/owner/draft/publish", revision="1", when="now", sure=sure)
    assert done.status_code == 303


@pytest.mark.parametrize(("at", "status"), [("", 409), ("soon", 409), ("2020-01-01T10:00", 409)])
def test_a_moment_that_is_none_publishes_nothing(
    desks: Desks, owner: Browser, at: str, status: int
) -> None:
    saves(desks, owner, Part("visits"), per_day_max="2")
    done = owner.post("/owner/draft/publish", revision="1", when="later", at=at)
    assert done.status_code == status
    with desks.club.store.read() as uow:
        assert programs.newest(uow).number == 1


def test_what_waits_for_its_moment_is_taken_back(desks: Desks, owner: Browser) -> None:
    saves(desks, owner, Part("visits"), per_day_max="2")
    shop = desks.club.timeline().latest.programme.shop
    at = shop.local(desks.club.now() + timedelta(days=2))
    later = owner.post(
        "/owner/draft/publish", revision="1", when="later", at=f"{at:%Y-%m-%dT%H:%M}"
    )
    assert later.status_code == 303
    assert say("ja", "owner.history.waits") in owner.get("/owner/history").text
    with desks.club.store.read() as uow:
        assert programs.newest(uow).since > desks.club.now() + NOTICE
    assert owner.post("/owner/history/withdraw").status_code == 303
    with desks.club.store.read() as uow:
        assert programs.newest(uow).number == 1
    assert owner.post("/owner/history/withdraw").status_code == 409


def test_what_was_published_is_called_by_its_name_not_by_the_files(
    desks: Desks, owner: Browser
) -> None:
    assert owner.post("/owner/stores/close", store="*").status_code == 303
    page = owner.get("/owner/history").text
    assert f"<h3>{say('ja', 'owner.section.shop')}</h3>" in page
    assert "[shop]" not in page


def test_a_draft_publishes_nothing_by_itself(desks: Desks, owner: Browser) -> None:
    saves(desks, owner, Part("visits"), per_day_max="2")
    desks.club.programmes.forget()
    assert desks.club.timeline().latest.number == 1
    assert owner.post("/owner/draft/discard", revision="7").status_code == 409
    assert owner.post("/owner/draft/discard", revision="1").status_code == 303
    assert say("ja", "owner.draft.none") in owner.get("/owner/draft").text


def test_what_was_published_while_it_was_written_is_not_lost(desks: Desks, owner: Browser) -> None:
    saves(desks, owner, Part("visits"), per_day_max="2")
    before = programs_text(desks)
    theirs = before.replace("grace_periods = 1", "grace_periods = 2")
    with desks.club.store.begin() as uow:
        programs.publish(uow, theirs, since=desks.club.now())
    desks.club.programmes.forget()
    assert say("ja", "owner.draft.behind") in owner.get("/owner/draft").text
    assert owner.post("/owner/draft/publish", revision="1", when="now").status_code == 409
    assert owner.post("/owner/draft/catch-up").status_code == 200
    both = theirs.replace("per_day_max = 1   ", "per_day_max = 2   ", 1)
    assert tomllib.loads(draft(desks).text) == tomllib.loads(both)


def test_pictures_beside_a_form_are_drawn_once_while_nothing_of_them_changes(
    desks: Desks, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = Drawing.bytes

    def noted(each: Drawing) -> bytes:
        drawn.append(each.key)
        return draw(each)

    monkeypatch.setattr(Drawing, "bytes", noted)
    owner.get("/owner/programme/ranks")
    assert len(drawn) == 4, "a card and three banners"
    owner.get("/owner/programme/ranks")
    assert len(drawn) == 4
    owner.get("/owner/programme/theme")
    assert len(drawn) == 5, "of these only the menu was not seen before"


def test_the_phone_shows_what_is_typed_before_it_is_kept(desks: Desks, owner: Browser) -> None:
    owner.get("/owner/programme/badges/visits_10")
    form = form_of(desks, Part("badges", "visits_10")) | {
        "name.ja": ["十杯め"],
        "entry": ["visits_10"],
    }
    look = owner.client.post(
        "/owner/programme/look/badges",
        data={"csrf_token": owner.csrf, **form},
        headers={"HX-Target": "look"},
    )
    assert look.status_code == 200
    assert "十杯め" in look.text
    assert "data:image/jpeg;base64," in look.text
    other = owner.client.post(
        "/owner/programme/look/badges",
        data={"csrf_token": owner.csrf, **form, "needs": "times"},
        headers={"HX-Target": "form"},
    )
    assert 'name="needs.on"' in other.text
    assert draft(desks).revision == 0


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_the_programme_is_the_owners(desks: Desks, role: Role) -> None:
    other = desks.signed_in("midori", role)
    for path in ("/owner/programme", "/owner/programme/points", "/owner/draft", "/owner/history"):
        assert other.get(path).status_code == 403, path
    assert other.post("/owner/programme/visits", per_day_max="2").status_code == 403
    nobody = desks.browser()
    answer = nobody.get("/owner/programme/points")
    assert answer.status_code == 303
    assert answer.location.startswith("/staff/login?next=/owner/programme/points")


def test_a_form_without_the_pages_token_changes_nothing(desks: Desks, owner: Browser) -> None:
    assert (
        owner.client.post("/owner/programme/visits", data={"per_day_max": "2"}).status_code == 400
    )
    assert draft(desks).revision == 0


def test_a_rewards_card_is_seen_as_the_chat_has_it(owner: Browser) -> None:
    page = html.unescape(owner.get("/owner/programme/rewards/off_100").text)
    phone = page.partition('class="phone"')[2]
    for words in (
        "いまお使いいただけます",
        "100円引き",
        "レジで100円お値引きします。",
        "100ポイント",
        "使う",
    ):
        assert words in phone, words
    # What isn't for points says how it is come by.
    assert "景品のきまりは、プレゼントとお試し品にだけかかります" in page
    assert "会員には見えません" in page


def test_a_messages_form_explains_what_may_be_named(owner: Browser) -> None:
    page = html.unescape(owner.get("/owner/programme/journeys/birthday").text)
    told = page.partition("placeholders")[2]
    assert "<code>{name}</code>" in told
    assert say("ja", "owner.words.named.name") in told
