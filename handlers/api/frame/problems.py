"""Whatever can't be answered is told as a problem (RFC 9457): its `type` says which, for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from pydantic import Field, ValidationError
from werkzeug.exceptions import HTTPException

from bot.errors import KayoiError
from bot.store import StoreBusy
from bot.store.history.claims import KeyReused
from rules.base import Lang, Refusal
from rules.wording.refusals import Circumstances, is_refusal, refusal_text
from rules.wording.texts import has_text, say
from rules.wording.words import Words

from .current import current_club
from .models import AnswerPart, Moment

PREFIX = "/api/v1"
MEDIA_TYPE = "application/problem+json"
#: Seconds after which whoever came while the database was busy may come again.
_BUSY_SECONDS = 5
#: Our codes of the statuses that Flask and Werkzeug answer by themselves.
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method",
    413: "too_large",
    415: "media_type",
    500: "internal",
}


class FieldError(AnswerPart):
    """What is wrong with one part of a request."""

    pointer: str = Field(description="Where: a JSON pointer (RFC 6901) into the body or the query.")
    detail: str = Field(description="What is wrong with it.")


class ProblemDetails(AnswerPart):
    """Why something wasn't done (RFC 9457)."""

    type: str = Field(description="Which problem: an address that stays, and explains it.")
    title: str = Field(description="The problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What to do then.")
    code: str = Field(description="The last part of `type`, to compare with.")
    again_at: Moment | None = Field(None, description="When it would be taken.")
    scope: str | None = Field(None, description="The scope that the key lacks.")
    errors: list[FieldError] | None = Field(None, description="What is wrong, part by part.")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is told of a problem beside its code, each None where it is nothing."""

    again_at: datetime | None = None
    scope: str | None = None
    errors: list[FieldError] | None = None


class Trouble(KayoiError):
    """A door of the API can't do what was asked of it."""

    def __init__(
        self,
        status: int,
        code: str,
        about: Particulars | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.about = status, code, about or Particulars()
        self.headers = dict(headers or {})


def refuse(no: Refusal, status: int = 409) -> Trouble:
    """A "no" of an action, as what a door raises."""
    return Trouble(status, no.code, Particulars(again_at=no.again_at))


def invalid(error: ValidationError, *, within: str) -> Trouble:
    """What doesn't fit what the document says. Nothing of what was sent is told back."""
    found = [
        FieldError(pointer=_pointer(within, each["loc"]), detail=each["msg"])
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return Trouble(422, "invalid", Particulars(errors=found[:20]))


def _pointer(within: str, place: tuple[int | str, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "/".join((within, *parts))


def is_problem(code: str) -> bool:
    """Whether there is such a problem; it may come from an address that somebody typed."""
    return has_text("en", f"api.problem.{code}.title") or is_refusal(code)


def language() -> Lang:
    """English, unless Japanese is asked for."""
    best = request.accept_languages.best_match(["en", "ja"], "en")
    return "ja" if best == "ja" else "en"


def words_of(code: str, again_at: datetime | None = None) -> tuple[str, str]:
    """The problem in words: its title, and what to do then."""
    lang = language()
    if has_text(lang, f"api.problem.{code}.title"):
        return say(lang, f"api.problem.{code}.title"), say(lang, f"api.problem.{code}.detail")
    club = current_club()
    now = club.now()
    words = Words(club.timeline().at(now).programme, lang)
    text = refusal_text(words, code, "staff", Circumstances(now=now, again_at=again_at))
    return text.why, text.then


def address_of(code: str) -> str:
    return f"{current_club().base_url}{PREFIX}/problems/{code}"


def answer(trouble: Trouble) -> Response:
    """The problem as it is sent."""
    title, detail = words_of(trouble.code, trouble.about.again_at)
    told = ProblemDetails(
        type=address_of(trouble.code),
        title=title,
        status=trouble.status,
        detail=detail,
        code=trouble.code,
        again_at=on_the_clock(trouble.about.again_at),
        scope=trouble.about.scope,
        errors=trouble.about.errors,
    )
    body = told.model_dump_json(exclude_none=True)
    sent = Response(body, trouble.status, dict(trouble.headers), mimetype=MEDIA_TYPE)
    sent.headers["Content-Language"] = language()
    sent.vary.add("Accept-Language")
    return sent


def on_the_clock(moment: datetime | None) -> datetime | None:
    """The moment as the shop's clock has it."""
    if moment is None:
        return None
    club = current_club()
    return club.timeline().at(club.now()).programme.shop.local(moment)


def answer_on(blueprint: Blueprint) -> None:
    """Has whatever can't be answered below `blueprint` told as a problem."""
    blueprint.register_error_handler(Trouble, answer)
    blueprint.register_error_handler(HTTPException, _answer_status)
    for status in _CODES:
        # By its number, too: a page for people that the application has for it would come before.
        blueprint.register_error_handler(status, _answer_status)
    blueprint.register_error_handler(KeyReused, _answer_reused)
    blueprint.register_error_handler(StoreBusy, _answer_busy)


def install(app: Flask) -> None:
    """The same for addresses below ours that nothing has: all pages must be installed by now."""
    for status in (404, 405):
        kept = app.error_handler_spec[None].get(status, {})
        before = next(iter(kept.values()), None)

        def elsewhere(error: HTTPException, before: Any = before) -> ResponseReturnValue:
            if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
                return _answer_status(error)
            return before(error) if before is not None else error

        app.register_error_handler(status, elsewhere)


def _answer_status(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        # Spectree aborts with an answer of its own, which is ours by now.
        return error.response
    status = error.code if error.code in _CODES else 400
    headers = {k: v for k, v in error.get_headers() if k == "Allow"}
    return answer(Trouble(status or 500, _CODES[status or 500], headers=headers))


def _answer_reused(_error: KeyReused) -> Response:
    return answer(Trouble(422, "idempotency_key_reused"))


def _answer_busy(_error: StoreBusy) -> Response:
    return answer(Trouble(503, "busy", headers={"Retry-After": str(_BUSY_SECONDS)}))
