"""Members on paper, whom staff sign up for events, and tell what LINE would."""

from dataclasses import replace

from bot.store.events import events
from bot.store.messages import segments
from handlers.jobs.events.upkeep import run_if_due
from rules.broadcasts.broadcast import Whom
from rules.wording.texts import say
from tests.handlers.pages.owner.events.test_pages import made, member_of
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.members.test_members import somebody


def test_staff_sign_up_who_has_no_line_and_answer_for_them(desks: Desks) -> None:
    event = made(desks)
    owner = desks.signed_in("boss", "owner", None)
    owner.post(f"/owner/events/{event}/step", step="open", revision="1")
    midori = desks.signed_in("midori")
    ken, hana = somebody(desks, name="けん"), somebody(desks, name="はな")

    def does(number: str, how: str, n: str = "1") -> str:
        address = f"/staff/members/{number}/event"
        answer = midori.post(address, how=how, event=str(event), n=n)
        return answer.headers["Location"].partition("?")[2]

    assert "春の豆の試食会" in midori.get(f"/staff/members/{ken}").text
    assert does(ken, "join") == "done=event_taken"
    assert does(hana, "join") == "done=event_waiting"
    assert does(ken, "leave") == "done=event_declined"
    run_if_due(desks.club)
    page = midori.get(f"/staff/members/{hana}").text
    assert say("ja", "staff.events.take") in page
    assert "LINEが届かない方です" in page
    called = midori.get("/staff/calls").text
    assert "はな" in called
    assert "お席をご用意できます" in called
    assert does(hana, "told") == "done=event_told"
    assert does(hana, "told") == "done=event_told", "twice tapped"
    assert "お席をご用意できます" not in midori.get("/staff/calls").text
    page = midori.get(f"/staff/members/{hana}").text
    assert "LINEが届かない方です" not in page
    assert "直接お話しした" in page
    assert does(ken, "told") == "no=event_none"
    assert does(hana, "take", n="2") == "done=event_taken"
    assert "LINEが届かない方です" not in midori.get(f"/staff/members/{hana}").text
    assert does(hana, "join") == "done=event_taken"
    assert midori.post(f"/staff/members/{hana}/event", how="eat").status_code == 404
    signed = [(line.action, line.member_id) for line in desks.logged() if "event_s" in line.action]
    assert ("event_sign_up", member_of(desks, hana)) in signed


def test_who_has_no_line_is_reminded_by_staff_once(desks: Desks) -> None:
    event = made(desks)
    owner = desks.signed_in("boss", "owner", None)
    owner.post(f"/owner/events/{event}/step", step="open", revision="1")
    midori, ken = desks.signed_in("midori"), somebody(desks, name="けん")
    address = f"/staff/members/{ken}/event"
    midori.post(address, how="join", event=str(event), n="1")
    assert "が近づいています" not in midori.get("/staff/calls").text
    early = midori.post(address, how="told", event=str(event))
    assert early.headers["Location"].endswith("no=event_none")
    with desks.club.store.begin() as uow:
        events.note_reminded(uow, event, 1, at=desks.club.now())
    called = midori.get("/staff/calls").text
    assert called.count("が近づいています") == 1
    assert "けん" in called
    before = midori.get(f"/staff/members/{ken}").text
    assert "前日のお知らせは" in before
    for _ in range(2):
        assert (
            midori.post(address, how="told", event=str(event))
            .headers["Location"]
            .endswith("done=event_told")
        )
    assert "が近づいています" not in midori.get("/staff/calls").text
    after = midori.get(f"/staff/members/{ken}").text
    assert "前日のお知らせは" not in after
    spoken = "直接お話しした"
    assert after.count(spoken) == before.count(spoken) + 1


def test_a_tap_in_the_list_of_calls_leads_back_to_it(desks: Desks) -> None:
    event = made(desks)
    owner = desks.signed_in("boss", "owner", None)
    owner.post(f"/owner/events/{event}/step", step="open", revision="1")
    midori, ken = desks.signed_in("midori"), somebody(desks, name="けん")
    midori.post(f"/staff/members/{ken}/event", how="join", event=str(event), n="1")
    owner.post(f"/owner/events/{event}/step", step="cancel", revision="2", sure="1")
    run_if_due(desks.club)
    assert "は中止になりました" in midori.get("/staff/calls").text
    address = f"/staff/members/{ken}/event"
    answer = midori.post(address, how="told", event=str(event), next="/staff/calls?done=told")
    assert answer.headers["Location"] == "/staff/calls?done=told"
    assert "は中止になりました" not in midori.get("/staff/calls").text


def test_staff_are_told_why_somebody_is_not_of_an_events_segment(desks: Desks) -> None:
    event = made(desks)
    with desks.club.store.begin() as uow:
        whom = Whom(languages=("en",))
        segments.add(uow, "とくべつな方", "vip", whom, by=None, at=desks.club.now())
        stored = events.lock(uow, event)
        assert stored is not None
        its = stored.event.model_copy(update={"guests": "segments", "segments": ("vip",)})
        events.change(uow, stored, its, stored.sittings)
        events.set_state(uow, replace(stored, revision=2), "open")
    midori = desks.signed_in("midori")
    ken = somebody(desks, name="けん")
    address = f"/staff/members/{ken}/event"
    answer = midori.post(address, how="join", event=str(event), n="1")
    assert answer.headers["Location"].partition("?")[2] == "no=event_segment"
    assert "対象の条件に合わない会員です" in midori.get(answer.headers["Location"]).text
