"""How much may be typed into each field: as the actions take it, for the forms to say so too."""

from bot.base32 import CODE_LENGTH_MAX
from handlers.actions.members.call import WORDS_MAX
from handlers.actions.members.profile import NAME_MAX, NOTE_MAX
from handlers.actions.staff import staffing
from handlers.actions.telling.answer import ANSWER_LENGTH_MAX
from rules.judging.undo import REASON_LENGTH_MAX
from rules.programme.purchases import RECEIPT_LENGTH_MAX

#: What somebody looks for.
QUERY_MAX = 100

LENGTHS = {
    "answer": ANSWER_LENGTH_MAX,
    "call": WORDS_MAX,
    "card": CODE_LENGTH_MAX,
    "login": staffing.LOGIN_MAX,
    "name": NAME_MAX,
    "note": NOTE_MAX,
    "password": staffing.PASSWORD_MAX,
    "password_min": staffing.PASSWORD_MIN,
    "pin": staffing.PIN_MAX,
    "query": QUERY_MAX,
    "reason": REASON_LENGTH_MAX,
    "receipt": RECEIPT_LENGTH_MAX,
    "staff_name": staffing.NAME_MAX,
}
