"""The owner makes keys for other systems, sees each once, and stops them."""

import re
from datetime import timedelta

from bot.store.staff import api_keys
from bot.store.staff.api_keys import ApiKey
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks


def kept(desks: Desks) -> list[ApiKey]:
    with desks.club.store.read() as uow:
        return api_keys.newest(uow, limit=10)


def makes(owner: Browser, desks: Desks, **more: str) -> tuple[int, str]:
    day = (desks.wall.now() + timedelta(days=10)).date().isoformat()
    form = {"name": "入口のレジ", "scopes": "visits", "store": "ekimae", "last_day": day}
    owner.get("/owner/keys")
    answer = owner.post("/owner/keys", **{**form, "current": PASSWORD, **more})
    return answer.status_code, answer.text


def test_a_key_is_shown_once_and_never_again(desks: Desks, owner: Browser) -> None:
    assert say("ja", "owner.keys.none") in owner.get("/owner/keys").text
    status, page = makes(owner, desks)
    found = re.search(r'value="(kayoi_[A-Za-z0-9_-]{43})"', page)
    assert (status, bool(found)) == (200, True)
    assert found is not None
    [key] = kept(desks)
    assert (key.scopes, key.store, key.name) == (("visits",), "ekimae", "入口のレジ")
    page = owner.get("/owner/keys").text
    assert f"<code>{key.prefix}…</code>" in page
    assert found[1] not in page
    assert "来店を記録する" in page
    told = [each for each in desks.logged() if each.action == "api_key_make"]
    assert [(each.details["of"], each.details["begins"]) for each in told] == [
        ("入口のレジ", key.prefix)
    ]
    assert found[1] not in str(told)


def test_nobody_makes_one_without_their_password(desks: Desks, owner: Browser) -> None:
    status, page = makes(owner, desks, current="wrong")
    assert status == 422
    assert 'value="入口のレジ"' in page
    assert kept(desks) == []


def test_what_is_missing_is_said_and_what_was_typed_stays(desks: Desks, owner: Browser) -> None:
    for wrong, code in (
        ({"name": " "}, "name_invalid"),
        ({"scopes": "everything"}, "key_scopes"),
        ({"last_day": "2001-01-01"}, "key_day"),
        ({"last_day": "someday"}, "key_day"),
        ({"store": "moon"}, "store_unknown"),
    ):
        status, page = makes(owner, desks, **wrong)
        assert status == 422, code
        assert say("ja", f"refusal.{code}.why") in page
    assert kept(desks) == []


def test_a_key_is_stopped_after_a_question_and_only_once(desks: Desks, owner: Browser) -> None:
    makes(owner, desks)
    [key] = kept(desks)
    asked = owner.get(f"/owner/keys?stop={key.id}").text
    assert f"/owner/keys/{key.id}/end" in asked
    answer = owner.post(f"/owner/keys/{key.id}/end")
    assert (answer.status_code, answer.location) == (303, "/owner/keys?done=ended")
    assert say("ja", "owner.keys.done.ended") in owner.get("/owner/keys?done=ended").text
    assert not kept(desks)[0].is_good(desks.wall.now())
    again = owner.post(f"/owner/keys/{key.id}/end")
    assert again.status_code == 422
    assert say("ja", "refusal.key_unknown.why") in again.text
    assert [each.action for each in desks.logged()][-1] == "api_key_end"


def test_a_key_that_is_renewed_is_of_the_same_system(desks: Desks, owner: Browser) -> None:
    makes(owner, desks)
    [first] = kept(desks)
    assert (
        f'<option value="{first.id}">入口のレジ ({first.prefix}…)' in owner.get("/owner/keys").text
    )
    owner.post(f"/owner/keys/{first.id}/end")
    assert makes(owner, desks, name="入口のレジ 2", follows=str(first.id))[0] == 200
    assert makes(owner, desks, name="通販")[0] == 200
    clients = {each.name: each.client for each in kept(desks)}
    assert clients["入口のレジ 2"] == clients["入口のレジ"] == first.client
    assert clients["通販"] != first.client
    # The system is named by its newest key.
    page = owner.get("/owner/keys").text
    assert ">入口のレジ 2 (" in page
    assert f'<option value="{first.id}">' not in page
    assert makes(owner, desks, follows="999")[0] == 422
    assert len(kept(desks)) == 3


def test_a_form_sent_twice_makes_one_key(desks: Desks, owner: Browser) -> None:
    [form] = re.findall(r'name="key" value="([^"]+)"', owner.get("/owner/keys").text)
    assert makes(owner, desks, key=form)[0] == 200
    [made] = kept(desks)
    changes: tuple[dict[str, str], ...] = ({}, {"name": "通販"}, {"current": "wrong"})
    for changed in changes:
        status, page = makes(owner, desks, key=form, **changed)
        assert status == 422
        assert say("ja", "refusal.key_made.why") in page
        assert form not in page
    assert kept(desks) == [made]
    # What was wrong is mended in a form of its own.
    [new] = re.findall(r'name="key" value="([^"]+)"', page)
    assert makes(owner, desks, key=new, name="通販")[0] == 200
    assert len(kept(desks)) == 2


def test_managers_have_no_keys(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", None)
    assert manager.get("/owner/keys").status_code == 403
    assert makes(manager, desks)[0] == 403
    assert kept(desks) == []
