"""An agreement to SMS that comes late."""

from datetime import timedelta

from bot.store.members import consents, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.profile import ProfileEdit, set_profile
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone
from tests.handlers.clubs import DESK, SmallClub

OLD, NEW = "+819011112222", "+819033334444"


def test_a_late_agreement_brings_no_older_number_back(cafe: SmallClub) -> None:
    member, agreed_at = cafe.joins(), cafe.now
    cafe.passes(minutes=5)
    with cafe.work(DESK, key=cafe.key()) as work:
        assert set_profile(work, member, ProfileEdit(Profile(phone=NEW))).done
    cafe.passes(minutes=5)
    for at, phone in ((agreed_at, NEW), (agreed_at + timedelta(minutes=9), OLD)):
        with cafe.work("member", key=cafe.key()) as work:
            assert agree_by_phone(work, member, OLD, SmsConsent(at, "line", "yes"))
            assert profiles.get(work.uow, member).phone == phone
            assert consents.sms_agreed_at(work.uow, member) is not None
