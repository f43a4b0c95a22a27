"""What members answer (`/owner/voice/satisfaction`): how content they are, and apart from it
whether they would recommend the shop, by store and month, with their comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.heard import counting
from bot.store.heard.counting import HeardSpan, ScaleCount, SurveyComment
from rules.explaining.figure_words import step_word
from rules.figures.periods import DaySpan, period
from rules.heard.surveys import Question, Survey, SurveyKind
from rules.science.scores import ANSWERS_MIN, NO_ANSWERS, ScaleFigure, figures_by
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import words
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import open_selects, select_of_stores
from ..frame.files import table_file
from .asked import HeardAsked, asked, page_asked, today
from .parts import columns

layout.place(69, "owner.heard_scores")

#: How a visit was, whether they would recommend the shop, and what else is asked: never one figure.
_KINDS: tuple[SurveyKind, ...] = ("satisfaction", "experience", "nps", "monitor", "expectation")
#: So many comments of a survey stand on the page, and on one of their own.
_COMMENTS, PAGE = 5, 50


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure in words, and as a number for the chart; `said` is empty where too few answered."""

    count: int
    said: str
    number: float | None


@dataclass(frozen=True, slots=True)
class QuestionPanel:
    """What one scale got."""

    id: str
    text: str
    #: What the figure is of: "1〜5", or the NPS's range.
    range: str
    whole: FigureCell
    stores: tuple[tuple[str, FigureCell], ...]
    months: tuple[tuple[str, FigureCell], ...]

    @property
    def is_drawn(self) -> bool:
        return sum(cell.number is not None for _, cell in self.months) > 1


@dataclass(frozen=True, slots=True)
class CommentLine:
    """What somebody wrote, to which question, and what they had given."""

    card: str
    question: str
    words: str
    on: str
    store: str
    given: str


@dataclass(frozen=True, slots=True)
class SurveyPanel:
    """What one survey got in twelve months."""

    id: str
    kind: str
    title: str
    questions: tuple[QuestionPanel, ...]
    comments: tuple[CommentLine, ...]
    has_more: bool


@pages.get("/voice/satisfaction", endpoint="heard_scores")
@manager_page
def show_answers() -> ResponseReturnValue:
    chosen, surveys = _chosen(), _surveys()
    with current_club().store.read() as uow:
        panels = [_survey(uow, chosen, each) for each in surveys]
    if any(each.comments for each in panels):
        note_look(signed().desk, "letters_seen")
    return layout.page(
        "heard_scores",
        asked=chosen,
        selects=open_selects(select_of_stores(chosen.stores, chosen.store)),
        panels=panels,
        answers_min=ANSWERS_MIN,
    )


@pages.get("/voice/satisfaction/comments", endpoint="heard_comments")
@manager_page
def show_comments() -> ResponseReturnValue:
    chosen, number = _chosen(), page_asked()
    survey = _survey_asked()
    with current_club().store.read() as uow:
        found = _comments(uow, chosen, survey, skip=number * PAGE, limit=PAGE + 1)
    note_look(signed().desk, "letters_seen")
    return layout.page(
        "heard_comments",
        asked=chosen,
        survey=survey.id,
        title=survey.title.in_(language()),
        comments=[_comment(chosen, survey, each) for each in found[:PAGE]],
        more=number + 1 if len(found) > PAGE else None,
    )


@pages.get("/voice/satisfaction/table.csv", endpoint="heard_scores_file")
@manager_page
def answers_file() -> ResponseReturnValue:
    """A row for each question and month, and for each store."""
    chosen = _chosen()
    with current_club().store.read() as uow:
        panels = [_survey(uow, chosen, each) for each in _surveys()]
    head = columns("survey", "question", "of", "answers", "figure")
    rows: list[tuple[str | int, ...]] = []
    for panel in panels:
        for each in panel.questions:
            whole = (chosen.said, each.whole)
            rows += [
                (panel.title, each.text, name, cell.count, cell.said)
                for name, cell in (whole, *each.stores, *each.months)
            ]
    return table_file("-".join(("answers", *filter(None, [chosen.store]))), head, rows)


def _chosen() -> HeardAsked:
    """Always of twelve months: what is asked rarely has few answers in fewer."""
    found = asked()
    return HeardAsked(period("year", today()), found.store, found.stores)


def _surveys() -> list[Survey]:
    """Those that ask something on a scale or in words, how it was in front."""
    found = [each for each in current_programme().surveys if each.kind in _KINDS]
    return sorted(found, key=lambda each: _KINDS.index(each.kind))


def _survey_asked() -> Survey:
    wanted = request.args.get("survey", "")
    found = next((each for each in _surveys() if each.id == wanted), None)
    if found is None:
        abort(404)
    return found


def _survey(uow: UnitOfWork, chosen: HeardAsked, survey: Survey) -> SurveyPanel:
    shop, months = current_programme().shop, chosen.period.steps
    counts = counting.scale_counts(uow, survey.id, [shop.opens(each.first) for each in months])
    mine = [each for each in counts if chosen.only_store in (None, each.store)]
    comments = _comments(uow, chosen, survey, skip=0, limit=_COMMENTS + 1)
    scales = [each for each in survey.questions if each.kind == "scale"]
    return SurveyPanel(
        survey.id,
        words(f"owner.heard.kind.{survey.kind}"),
        survey.title.in_(language()),
        tuple(_question(chosen, survey, each, mine) for each in scales),
        tuple(_comment(chosen, survey, each) for each in comments[:_COMMENTS]),
        len(comments) > _COMMENTS,
    )


def _question(
    chosen: HeardAsked, survey: Survey, question: Question, counts: Sequence[ScaleCount]
) -> QuestionPanel:
    is_nps = survey.kind == "nps"
    mine = [each for each in counts if each.question == question.id]
    its = [each for each in mine if each.scale == question.scale]
    whole = figures_by((("", each.number, each.latest) for each in its), is_nps=is_nps)
    stores = figures_by(((each.store, each.number, each.latest) for each in its), is_nps=is_nps)
    steps = figures_by(((each.step, each.number, each.count) for each in its), is_nps=is_nps)
    several = not chosen.store and len(current_programme().stores) > 1
    least, most = question.scale
    return QuestionPanel(
        f"{survey.id}-{question.id}",
        question.text.in_(language()),
        words("owner.heard.nps_range") if is_nps else words("owner.heard.range", a=least, b=most),
        _cell(whole.get("", NO_ANSWERS), is_nps=is_nps),
        tuple(_by_store(chosen, stores, is_nps=is_nps)) if several else (),
        tuple(
            (_month(chosen, each), _cell(steps.get(n, NO_ANSWERS), is_nps=is_nps))
            for n, each in enumerate(chosen.period.steps)
        ),
    )


def _by_store(
    chosen: HeardAsked, found: dict[str | None, ScaleFigure], *, is_nps: bool
) -> list[tuple[str, FigureCell]]:
    known: list[str | None] = [each.value for each in chosen.stores if each.value]
    others = sorted({*found} - {*known}, key=lambda each: each or "~")
    return [
        (chosen.store_name(each), _cell(found.get(each, NO_ANSWERS), is_nps=is_nps))
        for each in (*known, *others)
    ]


def _month(chosen: HeardAsked, step: DaySpan) -> str:
    return step_word(words_now(), chosen.period, step)


def _cell(figure: ScaleFigure, *, is_nps: bool) -> FigureCell:
    if figure.value is None or figure.margin is None:
        return FigureCell(figure.count, "", None)
    places = 0 if is_nps else 2
    number = round(figure.value, places)
    said = words(
        "owner.heard.with_margin",
        value=f"{number:+.0f}" if is_nps else f"{number:.2f}",
        margin=f"{figure.margin:.{places}f}",
    )
    return FigureCell(figure.count, said, number)


def _comments(
    uow: UnitOfWork, chosen: HeardAsked, survey: Survey, *, skip: int, limit: int
) -> list[SurveyComment]:
    span: HeardSpan = chosen.now
    return counting.comments(uow, survey.id, span, skip=skip, limit=limit)


def _comment(chosen: HeardAsked, survey: Survey, said: SurveyComment) -> CommentLine:
    question, shop = survey.question(said.question), current_programme().shop
    return CommentLine(
        said.member,
        question.text.in_(language()) if question else said.question,
        said.words,
        long_date(language(), shop.business_date(said.at)),
        chosen.store_name(said.store),
        "" if said.number is None else words("owner.heard.given", number=said.number),
    )
