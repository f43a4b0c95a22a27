"""The inner circle in the owner's hands, and in the staff's."""

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.store.events import trials
from handlers.pages.staff.frame.forms import new_key
from tests.handlers.actions.events.test_circle import NO_CIRCLE
from tests.handlers.actions.events.trials_tried import SAMPLE
from tests.handlers.pages.owner.events.test_pages import member_of, wrong
from tests.handlers.pages.owner.test_art import picture
from tests.handlers.pages.owner.test_next_rule import published
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.journeys.counting import counting


def test_staff_ask_somebody_on_paper_and_note_the_answer(desks: Desks) -> None:
    midori, ken = desks.signed_in("midori"), somebody(desks, name="けん")

    def does(how: str) -> str:
        answer = midori.post(f"/staff/members/{ken}/circle", how=how)
        return answer.headers["Location"].partition("?")[2]

    page = midori.get(f"/staff/members/{ken}").text
    assert "ご意見番の会" in page
    assert "お誘いしたと記録する" in page
    assert does("yes") == "no=circle_not_asked"
    assert does("invite") == "done=circle_invited"
    assert "参加される" in midori.get(f"/staff/members/{ken}").text
    assert does("no") == "done=circle_declined"
    assert does("yes") == "done=circle_in"
    owner = desks.signed_in("boss", "owner", None)
    seen = owner.get("/owner/circle").text
    assert "メンバー 1名" in seen
    assert "けん" in seen
    assert does("leave") == "done=circle_left"
    assert "まだどなたも参加していません" in owner.get("/owner/circle").text
    assert midori.post(f"/staff/members/{ken}/circle", how="eat").status_code == 404
    noted = {line.action for line in desks.logged() if line.member_id == member_of(desks, ken)}
    assert {"circle_invited", "circle_declined", "circle_in", "circle_left"} <= noted


def test_the_page_leads_to_those_who_hold_the_rank_by_now(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    page = owner.get("/owner/circle").text
    [form] = re.findall(r'action="/owner/members/bulk">(.*?)</form>', page, re.DOTALL)
    assert "いまゴールドファンの方を、まとめてお誘いする" in form
    sent = re.findall(r'name="(scope|ranks|kind)" value="(\w+)"', form)
    assert sent == [("scope", "all"), ("ranks", "gold"), ("kind", "circle")]
    assert "ゴールド" in owner.post("/owner/members/bulk", **dict(sent)).text, "to how many, first"
    published(desks, NO_CIRCLE)
    assert "まとめてお誘い" not in owner.get("/owner/circle").text


def test_a_shop_without_a_circle_is_led_to_begin_one(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    published(desks, NO_CIRCLE)
    page = owner.get("/owner/circle").text
    assert "サークルをはじめる" in page
    assert owner.get("/owner/programme/circle").status_code == 200


FORM = {
    "title_ja": "冬のブレンド", "title_en": "", "about_ja": "どちらにするか、決めてください。",
    "about_en": "", "picture": "", "reward": SAMPLE, "samples": "１", "asks": "__two",
    "question_ja": "どちらがお好きですか", "question_en": "", "ends_at": "2099-01-01T20:00",
}  # fmt: skip
CHOICES = {"choice": ["", ""], "choice_ja": ["ブレンドA", "ブレンドB"], "choice_en": ["", ""]}


def sends(owner: Browser, where: str = "new", **more: Any) -> TestResponse:
    said: dict[str, Any] = {"csrf_token": owner.csrf, "key": new_key(), **FORM, **CHOICES, **more}
    return owner.client.post(owner.address(f"/owner/circle/{where}"), data=said)


def test_a_trial_is_made_published_voted_on_ended_and_told(desks: Desks) -> None:
    owner, midori = desks.signed_in("boss", "owner", None), desks.signed_in("midori")
    ken, hana = somebody(desks, name="けん"), somebody(desks, name="はな")
    for each in (ken, hana):
        for how in ("invite", "yes"):
            midori.post(f"/staff/members/{each}/circle", how=how)
    there = sends(owner).headers["Location"]
    assert there.endswith("/owner/circle/1?done=made")
    assert "どちらがお好きですか" not in midori.get(f"/staff/members/{ken}").text, "a draft"

    def steps(step: str, revision: int, **more: str) -> str:
        answer = owner.post("/owner/circle/1/step", step=step, revision=str(revision), **more)
        return answer.headers["Location"].partition("?")[2]

    assert steps("open", 1) == "done=open"
    assert steps("open", 1) == "no=trial_changed", "somebody was quicker"
    assert "どちらがお好きですか" in midori.get(f"/staff/members/{ken}").text

    def does(number: str, **what: str) -> str:
        answer = midori.post(f"/staff/members/{number}/trial", trial="1", **what)
        return answer.headers["Location"].partition("?")[2]

    assert does(ken, choice="a") == "done=trial_voted"
    assert does(ken, choice="b") == "done=trial_voted"
    assert does(hana, choice="z") == "no=trial_choice"
    assert does(ken) == "done=trial_sampled"
    assert does(hana) == "no=trial_samples_gone"
    seen = owner.get("/owner/circle/1").text
    assert "投票 1票" in seen
    assert "サンプル 1 / 1個" in seen
    assert "けん" in seen
    assert "受付を終えますか" in owner.post("/owner/circle/1/step", step="close").text
    assert steps("close", 2, sure="1") == "done=close"
    assert does(hana, choice="a") == "no=trial_over"
    assert owner.post("/owner/circle/1/outcome", outcome_ja="").status_code == 422
    asked = owner.post("/owner/circle/1/outcome", outcome_ja="Bに決まりました。").text
    assert "参加された1名" in asked
    again = owner.post(
        "/owner/circle/1/outcome", outcome_ja="Bに決まりました。", sure="1", again="1"
    ).text
    assert re.search(r'<textarea id="outcome_ja"[^>]*>Bに決まりました。</textarea>', again)
    told = owner.post(
        "/owner/circle/1/outcome", outcome_ja="Bに決まりました。", sure="1", revision="3"
    )
    assert told.headers["Location"].endswith("done=outcome")
    assert "Bに決まりました。" in midori.get(f"/staff/members/{ken}").text
    assert "お知らせ済み" in owner.get("/owner/circle").text
    noted = {line.action for line in desks.logged()}
    assert {"trial_made", "trial_open", "trial_close", "trial_outcome", "trial_vote"} <= noted


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title_ja": ""}, "title_ja"),
        ({"ends_at": "2020-01-01T20:00"}, "ends_at"),
        ({"ends_at": "soon"}, "ends_at"),
        ({"samples": "0"}, "samples"),
        ({"question_ja": ""}, "question_ja"),
        ({"choice_ja": ["ブレンドA", ""]}, "choices"),
        ({"choice_ja": ["", ""], "choice_en": ["A", "B"]}, "choices"),
        ({"choice_ja": ["", ""], "question_ja": "", "reward": ""}, "reward"),
        ({"about_ja": "あ" * 301}, "about_ja"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    desks: Desks, more: dict[str, Any], field: str
) -> None:
    page = sends(desks.signed_in("boss", "owner", None), **more)
    assert page.status_code == 422
    assert wrong(page.text) == [field]
    assert "どちらにするか" in page.text or field == "about_ja", "nothing is lost"


def test_a_trial_is_copied_and_changed_and_a_page_asks_little(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    sends(owner)
    sends(owner, reward="", samples="", title_ja="もうひとつ")
    copy = owner.get("/owner/circle/new?copy=1").text
    assert "冬のブレンド" in copy
    assert 'value="ブレンドB"' in copy
    kept = sends(owner, "1/edit", revision="1", choice=["a", "b"])
    assert kept.headers["Location"].endswith("done=saved")
    late = sends(owner, "1/edit", revision="1", choice=["a", "b"])
    assert late.status_code == 409
    assert owner.get("/owner/circle/9").status_code == 404
    assert owner.post("/owner/circle/1/step", step="eat").status_code == 404
    with counting(desks.club.store) as count:
        owner.get("/owner/circle")
    assert len(count.statements) < 25


def test_each_choice_has_its_photograph_which_members_see_beside_their_vote(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    owner.get("/owner/circle/new")
    sent: dict[str, Any] = {
        "choice_picture_0.__file": (io.BytesIO(picture()), "a.png"),
        "choice_picture_1.__file": (io.BytesIO(picture("#AA2266")), "b.png"),
    }
    assert sends(owner, **sent).status_code == 303
    looks = pictures_of(desks)
    assert len(set(looks)) == 2
    edit = owner.get("/owner/circle/1/edit").text
    kept = re.findall(r'name="(choice_picture_\d)" value="([^"]+)"', edit)
    assert kept == [("choice_picture_0", looks[0]), ("choice_picture_1", looks[1])]
    more = dict(kept) | {"choice_picture_0.__none": "on", "choice": ["a", "b"], "revision": "1"}
    assert sends(owner, "1/edit", **more).status_code == 303
    assert pictures_of(desks) == [None, looks[1]]
    copy = owner.get("/owner/circle/new?copy=1").text
    assert f'value="{looks[1]}"' in copy
    assert f"/photos/{str(looks[1]).removesuffix('.png')}.jpg" in owner.get("/owner/circle/1").text


def test_a_photograph_of_no_choice_is_told_and_a_file_that_is_none_loses_nothing(
    desks: Desks,
) -> None:
    owner = desks.signed_in("boss", "owner", None)
    owner.get("/owner/circle/new")
    of_none: dict[str, Any] = {"choice_picture_2.__file": (io.BytesIO(picture()), "a.png")}
    third = sends(owner, **of_none)
    assert (third.status_code, wrong(third.text)) == (422, ["choices"])
    assert re.search(r'name="choice_picture_2" value="up-[^"]+"', third.text), "it stays"
    no_picture: dict[str, Any] = {"choice_picture_0.__file": (io.BytesIO(b"?"), "a.png")}
    broken = sends(owner, **no_picture)
    assert broken.status_code == 422
    assert "どちらにするか" in broken.text
    assert re.search(r'id="choice_picture_0-wrong">[^<]+<', broken.text)


def pictures_of(desks: Desks) -> list[str | None]:
    with desks.club.store.read() as uow:
        stored = trials.get(uow, 1)
    assert stored is not None
    return [each.picture for each in stored.trial.choices]


def test_who_has_no_line_stands_among_the_calls_for_what_the_circle_tries(desks: Desks) -> None:
    owner, midori = desks.signed_in("boss", "owner", None), desks.signed_in("midori")
    ken = somebody(desks, name="けん")
    for how in ("invite", "yes"):
        midori.post(f"/staff/members/{ken}/circle", how=how)
    sends(owner, choice_ja=["ブレンドA", "ブレンドB"])
    owner.post("/owner/circle/1/step", step="open", revision="1")
    assert "冬のブレンド" not in midori.get("/staff/calls").text
    owner.post("/owner/circle/1/step", step="invite", revision="2", sure="1")
    page = midori.get("/staff/calls").text
    assert "「冬のブレンド」がはじまりました。" in page
    [form] = re.findall(r'<form method="post" action="([^"]+/trial)"', page)
    sent = dict(re.findall(r'name="(trial|news)" value="(\w+)"', page))
    assert sent == {"trial": "1", "news": "invite"}
    for _ in range(2):
        done = midori.post(form, how="told", next="/staff/calls?done=told", **sent)
        assert "done=told" in done.headers["Location"]
    assert "冬のブレンド" not in midori.get("/staff/calls").text
    assert midori.post(form, how="told", trial="1", news="eat").status_code == 404
    midori.post(f"/staff/members/{ken}/trial", trial="1", choice="a")
    owner.post("/owner/circle/1/step", step="cancel", revision="2", sure="1")
    assert "「冬のブレンド」は中止になりました。" in midori.get("/staff/calls").text
    late = midori.post(form, how="told", **sent)
    assert "no=news_over" in late.headers["Location"], "a page of before"
    with counting(desks.club.store) as count:
        midori.get("/staff/calls")
    assert len(count.statements) < 30
