"""Cards on paper, merged, and on a new telephone."""

import json
import re
from datetime import timedelta

from sqlalchemy import select

from bot.store import tables
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import KEY, card, sends, somebody
from tests.rules.examples import changed


def test_a_card_is_made_for_somebody_without_line_and_printed(desks: Desks, staff: Browser) -> None:
    fields = {"name": "髙橋 はな", "birthday": "H30.5.12", "key": KEY.format(1)}
    assert "同意" in staff.post("/staff/members/new", **fields).text
    child = staff.post("/staff/members/new", agreed="1", **(fields | {"key": KEY.format(2)}))
    assert "保護者" in child.text
    assert "髙橋 はな" in child.text
    more = fields | {"key": KEY.format(3), "agreed": "1", "guardian": "1"}
    made = staff.post("/staff/members/new", **more)
    assert made.status_code == 303
    number = staff.card_at(made.location)
    assert "カードを作りました" in staff.get(made.location).text
    assert card(desks, number).line_user_id is None
    pdf = staff.get(f"/staff/members/{number}/card.pdf")
    assert pdf.content_type == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert staff.get(f"/staff/members/{number}/card.png").data.startswith(b"\x89PNG")
    sheet = staff.client.post(
        "/staff/cards/sheet.pdf", data={"csrf_token": staff.csrf, "n": [number, number]}
    )
    assert sheet.data.startswith(b"%PDF-")
    assert pdf.headers["Cache-Control"] == "no-store"


def test_two_cards_are_looked_at_then_merged(desks: Desks, staff: Browser) -> None:
    keep, other = somebody(desks, "U1", visits=1), somebody(desks, name="花子")
    path = f"/staff/members/{keep}/merge"
    assert "見つかりません" in sends(staff, f"{path}/look", other="123").text
    assert "同じ会員証" in sends(staff, f"{path}/look", other=keep).text
    seen = sends(staff, f"{path}/look", other=desks.club.codes.card_code(other)).text
    assert "花子様" in seen
    assert "ご来店の記録なし" in seen
    assert re.search(r"<small>前回 \d+年\d+月\d+日</small>", seen)
    unsure = sends(staff, path, 3, other=other).text
    assert "ご本人かどうかが、まだ確かめられていません" in unsure
    assert "花子様" in unsure
    assert "確かめて" in sends(staff, path, 4, other=other, checked="looked honest").text
    assert card(desks, other).merged_into is None
    assert "まとめました" in sends(staff, path, other=other, checked="phone").text
    with desks.club.store.read() as uow:
        found = select(tables.audit_log.c.details).where(tables.audit_log.c.action == "merge")
        assert json.loads(uow.run(found).scalar_one())["checked"] == "phone"
    assert card(desks, other).merged_into == card(desks, keep).id
    led = staff.get(f"/staff/members/{other}")
    assert led.status_code == 303
    assert staff.address(f"/staff/members/{keep}") in led.location
    assert "まとめられています" in staff.get(led.location).text
    assert "見つかりません" in sends(staff, path, 2, other="x").text


def test_three_stamps_and_three_are_six_and_the_fifth_was_free(
    desks: Desks, staff: Browser
) -> None:
    """By the pages: merged, taken apart, and merged again, it is given once."""
    stamps = changed(CAFE, ('"nth_purchase", every = 10', '"nth_purchase", every = 5'))
    with_programme(desks.club, stamps)
    desks.club.programmes.forget()
    keep, other = somebody(desks, "U1"), somebody(desks, name="花子")
    on = (desks.club.now() - timedelta(days=1)).date().isoformat()
    for n, number in enumerate((keep, other) * 3):
        path = f"/staff/members/{number}/receipt"
        assert "つけました" in sends(staff, path, n, on=on, yen="500", receipt=f"{n}").text
    sends(staff, f"/staff/members/{keep}/merge", 7, other=other, checked="known")
    assert [v.reward for v in card(desks, keep).facts.vouchers] == ["tenth_coffee"]
    manager = desks.signed_in("tencho", "manager")
    path = f"/staff/members/{keep}/undo"
    sends(manager, path, 8, seq=str(card(desks, keep).seq), reason="別の方でした")
    assert card(desks, keep).facts.vouchers == ()
    sends(staff, f"/staff/members/{keep}/merge", 9, other=other, checked="known")
    assert [v.reward for v in card(desks, keep).facts.vouchers] == ["tenth_coffee"]


def test_a_new_telephone_needs_a_check(desks: Desks, staff: Browser) -> None:
    old, new = somebody(desks, "U1"), somebody(desks, "U2")
    path = f"/staff/members/{old}/transfer"
    assert "<svg" in staff.get(path).text
    assert "確かめて" in sends(staff, path, other=new).text
    assert "確かめて" in sends(staff, path, 2, other=new, checked="looked honest").text
    assert card(desks, old).line_user_id == "U1"
    moved = sends(staff, path, 3, other=desks.club.codes.card_code(new), checked="birthday")
    assert "新しいLINEに移しました" in moved.text
    assert card(desks, old).line_user_id == "U2"


def test_a_code_for_a_month_is_a_managers(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, name="花子")
    boss = desks.signed_in("tencho", "manager")
    path = f"/staff/members/{number}"
    assert 'name="printed"' not in staff.get(path).text
    refused = sends(staff, f"{path}/code", 1, printed="1")
    assert "店長とオーナーだけ" in refused.text
    assert "15分" in staff.post(f"{path}/code", key=KEY.format(2)).text
    assert 'name="printed"' in boss.get(path).text
    assert "30日" in boss.post(f"{path}/code", key=KEY.format(3), printed="1").text
