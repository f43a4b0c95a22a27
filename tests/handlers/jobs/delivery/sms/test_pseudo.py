"""The codes that prove a telephone, in a language that nobody speaks: what is read stands in the
files of the texts. What journeys say by SMS is read with what they say by LINE."""

from datetime import timedelta

import pytest

from bot.store.members import link_codes, members, phone_proofs, profiles
from bot.store.members.phone_proofs import PhoneProof
from bot.store.members.profiles import Profile
from handlers.actions.telling.messages import text_card_code, text_phone_code
from handlers.jobs.delivery.sms import SmsDelivery
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.delivery.sms.conftest import PHONE, Door
from tests.pseudo import in_no_file, known_words, pseudo_english

__all__ = ["pseudo_english"]


@pytest.mark.usefixtures("pseudo_english")
def test_no_code_comes_with_what_stands_in_no_file(
    shop: SmallClub, door: Door, member: int
) -> None:
    until = shop.now + timedelta(minutes=10)
    paper = shop.joins(language="en")
    with shop.work() as work:
        members.set_language(work.uow, member, "en")
        profiles.put(work.uow, paper, Profile(phone=PHONE), at=shop.now)
        link_codes.add(work.uow, "123456789012", "link", paper, until=until, by=None)
        code = link_codes.get(work.uow, "123456789012")
        assert code is not None
        text_card_code(work, code)
        proof = PhoneProof(member, PHONE, shop.now, until)
        phone_proofs.add(work.uow, proof, mark="m")
        text_phone_code(work, proof)
    SmsDelivery(shop.club).deliver_due()
    assert len(door.sent) == 2
    known = known_words(shop.timeline.latest.programme)
    assert in_no_file([text for _, text in door.sent], known) == []
    assert all("⟦" in text for _, text in door.sent)
