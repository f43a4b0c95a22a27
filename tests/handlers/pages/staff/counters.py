"""A counter of the café: somebody signed in, members with cards, and what is scanned there."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from bot.store.staff.staff import Role
from handlers.actions.members.join import JoinRequest, join
from handlers.club import Club
from tests.handlers.pages.staff.conftest import Browser, Desks

Json = dict[str, Any]


def of(answer: TestResponse) -> Json:
    """The JSON of an answer."""
    assert isinstance(answer.json, dict)
    return answer.json


@dataclass
class Counter:
    """Who stands there and what they do."""

    desks: Desks
    browser: Browser

    @property
    def club(self) -> Club:
        return self.desks.club

    def joins(self, name: str = "", *, user_id: str | None = None) -> Member:
        """A new member, on LINE if they have a name."""
        club = self.club
        user_id = user_id or ("U" + uuid4().hex if name else None)
        with club.work() as work:
            if user_id:
                line_accounts.ensure(
                    work.uow, user_id, display_name=name, language="ja", at=club.now()
                )
            joining = JoinRequest(
                at=club.now(),
                language="ja",
                purpose="目的",
                source="line" if user_id else "counter",
                line_user_id=user_id,
            )
            member_id = join(work.acting("member").under(f"test:{uuid4()}"), joining).member_id
        return self.member(member_id)

    def member(self, member_id: int) -> Member:
        with self.club.store.read() as uow:
            member = members.get(uow, member_id)
        assert member is not None
        return member

    def visits(self, member: Member) -> int:
        return self.member(member.id).facts.visits

    def balance(self, member: Member) -> int:
        return self.member(member.id).facts.balance

    def scan_of(self, member: Member | None, **more: Any) -> Json:
        """What the page sends for a scan of the member's card."""
        code = self.club.codes.card_code(member.number, member.issue) if member else ""
        return {"code": code, "scanId": str(uuid4())} | more

    def posts(self, path: str, body: Any) -> TestResponse:
        return self.browser.client.post(
            f"/staff/api/{path}", json=body, headers={"X-CSRFToken": self.browser.csrf}
        )

    def scans(self, member: Member | None, **more: Any) -> Json:
        """The answer to a scan, which must be understood."""
        answer = self.posts("scan", self.scan_of(member, **more))
        assert answer.status_code == 200, answer.text
        return of(answer)


def counter_of(
    desks: Desks, *, store: str = "ekimae", who: str = "hana", role: Role = "staff"
) -> Counter:
    """Somebody of `store` who has signed in."""
    desks.hires(who, role, store)
    browser = desks.browser()
    assert browser.logs_in(who).status_code == 303
    return Counter(desks, browser)
