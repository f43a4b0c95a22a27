"""What members of the demo club wrote to the shop in the last weeks, and what was answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.finding import due_members
from bot.store.heard import cases, suggestions
from bot.store.heard.cases import Case
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from bot.store.staff import staff
from handlers.actions.heard.answering import CaseAnswer, answer_case, sort_case
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.suggesting import (
    SuggestionDecision,
    decide_suggestion,
    mark_letter,
)
from handlers.actions.heard.survey import answer_survey, say_why_left
from handlers.actions.members.membership import change_membership
from handlers.actions.recording.work import Work
from handlers.actions.staff.signing import desk_of as desk_of_owner
from handlers.club import Club
from rules.heard.cases import CaseReason
from rules.heard.suggestions import SuggestionState
from rules.heard.topics import CaseTopic

from ..demo import desk_of

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
#: Every so manieth of the members with LINE wrote something.
_WROTE_EVERY = 5


@dataclass(frozen=True, slots=True)
class DemoWords:
    """What somebody wrote so many days ago, and after how many hours they were answered; None: they
    wait still."""

    days_ago: float
    reason: CaseReason
    topic: CaseTopic | None
    words: str
    answered_after: float | None = None
    answer: str = ""


#: The suggestions that some of it makes, by the shop's name for them.
_IDEAS = {
    "席に充電できるところがほしいです。": "席の電源",
    "デカフェもあるとうれしいです。": "デカフェの豆",
    "カフェインレスの豆を置いてほしいです。": "デカフェの豆",
    "ひざかけを貸していただけると助かります。": "ひざかけの貸し出し",
    "夜もデカフェが飲めたら通います。": "デカフェの豆",
    "会員証をもっとすぐ開けるとうれしいです。": "会員証を開きやすく",
    "足もとが冷えるので、ひざかけがほしいです。": "ひざかけの貸し出し",
    "小さいサイズのケーキがあるとうれしいです。": "小さいケーキ",
}
#: What the shop made of some of them.
_DECIDED: dict[str, tuple[SuggestionState, str]] = {
    "ひざかけの貸し出し": (
        "adopted",
        "12月1日から、お席でひざかけをお貸しします。スタッフにお声がけください。",
    ),
    "デカフェの豆": ("considered", "来年の春に向けて、豆を選んでいます。"),
    "席の電源": (
        "declined",
        "配線の都合で今回は見送りました。改装のときに、もう一度考えます。",
    ),
}
_THANKS = "お知らせくださり、ありがとうございます。スタッフ一同、気をつけてまいります。"
_READ = "ご意見をありがとうございます。次の打ち合わせで話し合います。"
_WORDS = (
    DemoWords(51, "complaint", "wait", "お昼に25分待ちました。", 6, _THANKS),
    DemoWords(47, "suggestion", "place", "席に充電できるところがほしいです。", 20, _READ),
    DemoWords(44, "complaint", "service", "注文をまちがえられました。", 9, _THANKS),
    DemoWords(40, "suggestion", "goods", "デカフェもあるとうれしいです。", 30, _READ),
    DemoWords(38, "absence", "busy", "忙しい・時間が合わない", 26, "またいつでもお越しください。"),
    DemoWords(35, "leaving", "far", "引っ越した・遠くなった"),
    DemoWords(33, "complaint", "wait", "テイクアウトの列が長すぎます。", 5, _THANKS),
    DemoWords(25, "complaint", "wait", "お会計でだいぶ待ちました。", 4, _THANKS),
    DemoWords(23, "suggestion", "goods", "カフェインレスの豆を置いてほしいです。", 8, _READ),
    DemoWords(21, "complaint", "place", "奥の席がとても寒かったです。", 3, _THANKS),
    DemoWords(19, "suggestion", "place", "ひざかけを貸していただけると助かります。", 12, _READ),
    DemoWords(17, "leaving", "price", "料金が気になる"),
    DemoWords(16, "absence", "far", "引っ越した・遠くなった", 22, "ご様子をありがとうございます。"),
    DemoWords(14, "complaint", "wait", "モーニングで20分かかりました。", 7, _THANKS),
    DemoWords(12, "suggestion", "goods", "夜もデカフェが飲めたら通います。", 18, _READ),
    DemoWords(11, "leaving", "busy", "忙しい・時間が合わない"),
    DemoWords(9, "question", None, "犬といっしょに入れる席はありますか", 2, "テラス席へどうぞ。"),
    DemoWords(7, "suggestion", "card", "会員証をもっとすぐ開けるとうれしいです。", 25, _READ),
    DemoWords(5, "complaint", "service", "呼んでもなかなか来てもらえませんでした。", 4, _THANKS),
    DemoWords(3, "suggestion", "place", "足もとが冷えるので、ひざかけがほしいです。"),
    DemoWords(2, "complaint", "wait", "お昼どき、レジが一つしか開いていませんでした。"),
    DemoWords(1.2, "absence", "price", "料金が気になる"),
    DemoWords(0.3, "question", None, "年末はいつまで開いていますか"),
    DemoWords(0.2, "suggestion", "goods", "小さいサイズのケーキがあるとうれしいです。"),
)


def hear_members(club: Club) -> None:
    """Lets some members write, each at a moment of the last weeks, and the staff answer."""
    everybody = list(due_members.everyone(club.store))
    with club.work() as work:
        some = _on_line(work, everybody[1::_WROTE_EVERY] + everybody[2::_WROTE_EVERY])
        for n, (said, member) in enumerate(zip(_WORDS, some, strict=False)):
            _say(work.under(f"demo:voice:{n}"), member, said)
        _decide(work)
        work.recorded.clear()


def _decide(work: Work) -> None:
    """One suggestion is adopted, one considered, and one is not for now; the others wait."""
    owner = next((each for each in staff.everybody(work.uow) if each.role == "owner"), None)
    if owner is None:
        return
    desk = work.acting(desk_of_owner(owner, None, work.programme.stores[0].id))
    for line in suggestions.listed(work.uow, ("received",), limit=20):
        its = line.suggestion
        if its.title in _DECIDED:
            state, word = _DECIDED[its.title]
            decision = SuggestionDecision(
                its.moved, state, its.title, word, tells=True, is_shown=state == "adopted"
            )
            decide_suggestion(desk.under(f"demo:idea:{its.id}"), its.id, decision)


def _on_line(work: Work, ids: list[int]) -> Iterator[Member]:
    for member_id in ids:
        member = members.get(work.uow, member_id)
        if member is not None and member.line_user_id and member.membership == "active":
            yield member


def _say(work: Work, member: Member, said: DemoWords) -> None:
    at = max(work.now - said.days_ago * _DAY, member.joined_at + _HOUR)
    written, then = ChatText(said.words, member.line_user_id, at), work.moment(at).acting("member")
    if said.reason == "leaving":
        change_membership(then, member.id, "left", at=at)
        say_why_left(then.under(f"{work.key}:why"), member.id, written, topic=said.topic)
    elif said.reason == "absence":
        answer_survey(then, member.id, written, complaint=False, topic=said.topic)
    elif said.reason == "question":
        hear(then, Heard(member.id, written, "message", "question"))
    else:
        give_feedback(then, member.id, written, complaint=said.reason == "complaint")
    if idea := _IDEAS.get(said.words):
        _mark(work, member, idea)
    case = max(cases.of_members(work.uow, [member.id]), key=lambda each: each.name.number)
    _deal_with(work, case, said, at)


def _mark(work: Work, member: Member, idea: str) -> None:
    """Puts what they wrote last among the suggestions, with others of the same name."""
    case = max(cases.of_members(work.uow, [member.id]), key=lambda each: each.name.number)
    letter = inbox.of_case(work.uow, *case.name)[-1]
    known = suggestions.listed(work.uow, ("received",), limit=50)
    same = (each.suggestion.id for each in known if each.suggestion.title == idea)
    desk = work.acting(desk_of(work.uow, work.programme)).under(f"{work.key}:idea")
    mark_letter(desk, case.name, letter.id, into=next(same, None), title=idea)


def _deal_with(work: Work, case: Case, said: DemoWords, at: datetime) -> None:
    desk = work.acting(desk_of(work.uow, work.programme))
    if said.topic is not None and said.reason in ("complaint", "suggestion"):
        sort_case(desk.under(f"{work.key}:sort"), case.name, said.topic)
    if said.answered_after is None or not said.answer:
        return
    answers = desk.moment(at + said.answered_after * _HOUR).under(f"{work.key}:answer")
    answer_case(answers, CaseAnswer(case.name, case.moved, said.answer))
    if said.reason != "suggestion":
        closes = desk.moment(at + (said.answered_after + 20) * _HOUR).under(f"{work.key}:close")
        moved = CaseAnswer(case.name, case.moved + 1, "", closes=True)
        answer_case(closes, moved)
