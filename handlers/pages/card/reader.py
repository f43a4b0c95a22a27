"""Who looks at a page: the member, as of now, in their language."""

from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, render_template

from bot.store import UnitOfWork
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.club import Club
from handlers.showing.addresses import card_name
from rules.base import LANGS, Lang
from rules.facts import Facts
from rules.judging.decide import advance
from rules.programme.programme import Programme
from rules.wording.names import greeting
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from ..headers import safe


@dataclass(frozen=True, slots=True)
class Reader:
    """A member and the club as they stand now; `facts` are settled up to `day`. `name` is as the
    member is greeted, "さくらさん", and may be empty."""

    member: Member
    programme: Programme
    day: date
    facts: Facts
    name: str

    @property
    def lang(self) -> Lang:
        return self.member.language

    @property
    def shop(self) -> str:
        return self.programme.shop.name.in_(self.lang)

    @property
    def words(self) -> Words:
        return Words(self.programme, self.lang)


def reader_of(uow: UnitOfWork, club: Club, number: str, issue: int) -> Reader | None:
    """The member with that card; None when there is none, or it was replaced."""
    member_id = members.by_code(uow, "number", number)
    member = members.get(uow, member_id) if member_id is not None else None
    if member is None or member.issue != issue or member.merged_into is not None:
        return None
    timeline, now = club.timeline(), club.now()
    programme = timeline.at(now).programme
    day = programme.shop.business_date(now)
    facts, _ = advance(timeline, member.facts, day)
    account = line_accounts.get(uow, member.line_user_id or "")
    greeted = greeting(account.display_name, member.language) if account else ""
    return Reader(member, programme, day, facts, card_name(uow, member, greeted))


def ended(club: Club, code: str) -> Response:
    """The page behind a link that is no longer good, by its refusal's code. Nobody knows who reads
    it: in both languages."""
    programme = club.timeline().at(club.now()).programme
    texts = {lang: refusal_text(Words(programme, lang), code, "member") for lang in LANGS}
    html = render_template(
        "card/ended.html",
        lang="ja",
        shop=programme.shop.name.ja,
        said=[(lang, text.why, text.then) for lang, text in texts.items()],
    )
    return safe(make_response(html, 404), "secret")
