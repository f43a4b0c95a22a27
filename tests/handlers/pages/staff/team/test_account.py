from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Desks

NEW = "kumo no nai hi"


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(desks: Desks) -> None:
    here, elsewhere = desks.signed_in("hana"), desks.browser()
    elsewhere.logs_in("hana")
    here.get("/staff/account")
    wrong = here.post("/staff/account/password", current="no", password=NEW, again=NEW)
    assert wrong.status_code == 422
    assert say("ja", "refusal.password_wrong.why") in wrong.text
    differs = here.post("/staff/account/password", current=PASSWORD, password=NEW, again="x")
    assert differs.status_code == 422
    done = here.post("/staff/account/password", current=PASSWORD, password=NEW, again=NEW)
    assert say("ja", "staff.done.password_set") in done.text
    assert here.get("/staff/account").status_code == 200
    assert elsewhere.get("/staff/account").status_code == 303
    assert desks.browser().logs_in("hana", NEW).status_code == 303


def test_a_pin_of_ones_own_needs_the_password_and_is_no_row_of_digits(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    browser.get("/staff/account")
    assert browser.post("/staff/account/pin", current="no", pin="4821").status_code == 422
    for weak in ("", "482", "1111", "1234", "9876", "123456789", "48a1"):
        assert browser.post("/staff/account/pin", current=PASSWORD, pin=weak).status_code == 422
    assert desks.person("hana").pin_hash is None
    assert browser.post("/staff/account/pin", current=PASSWORD, pin="4821").status_code == 200
    assert desks.person("hana").pin_hash is not None
    browser.post("/staff/account/pin", current=PASSWORD, pin="", remove="1")
    assert desks.person("hana").pin_hash is None
    assert [line.action for line in desks.logged()][-2:] == ["pin_set", "pin_remove"]


def test_one_may_sign_out_everywhere_but_here(desks: Desks) -> None:
    here, elsewhere = desks.signed_in("hana"), desks.browser()
    elsewhere.logs_in("hana")
    page = here.get("/staff/account").text
    assert page.count(say("ja", "staff.sessions.browser")) == 2
    assert page.count(say("ja", "staff.sessions.here")) == 1
    here.post("/staff/account/sessions")
    assert here.get("/staff/account").status_code == 200
    assert elsewhere.get("/staff/account").status_code == 303


def test_a_name_for_members_is_chosen_by_each_and_never_a_login(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    assert desks.person("hana").public_name == ""
    done = browser.post("/staff/account/name", public_name="  店長の はな\u200b ")
    assert say("ja", "staff.done.public_name") in done.text
    assert 'value="店長の はな"' in done.text
    for odd, no in (
        ("hana", "public_name_login"),
        ("hana@example.com", "public_name_login"),
        ("あ" * 21, "public_name_invalid"),
    ):
        refused = browser.post("/staff/account/name", public_name=odd)
        assert refused.status_code == 422
        assert say("ja", f"refusal.{no}.why") in refused.text
    assert desks.person("hana").public_name == "店長の はな"
    browser.post("/staff/account/name", public_name="")
    assert desks.person("hana").public_name == ""
    logged = [(line.action, dict(line.details)) for line in desks.logged()][-2:]
    assert [action for action, _ in logged] == ["public_name_set", "public_name_remove"]
    assert "はな" not in str(logged)


def test_who_manages_somebody_chooses_their_name_for_members(desks: Desks) -> None:
    hana, owner = desks.hires("hana"), desks.signed_in("suzuki", "owner")
    path = f"/staff/team/{hana.id}"
    done = owner.post(f"{path}/public_name", public_name="はな")
    assert done.headers["Location"].endswith("done=public_name")
    assert 'value="はな"' in owner.get(path).text
    assert desks.person("hana").public_name == "はな"
    colleague = desks.signed_in("ken")
    assert colleague.post(f"{path}/public_name", public_name="けん").status_code == 403
    assert desks.person("hana").public_name == "はな"
