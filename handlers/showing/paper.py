"""What is printed at the counter: cards for members without LINE, and slips."""

from bot.store import UnitOfWork
from bot.store.history.slips import Slip
from bot.store.members import profiles
from bot.store.members.members import Member
from images.paper_card import PaperCard
from images.slip import SlipPicture
from rules.characters import spaced_number
from rules.wording.names import formal
from rules.wording.texts import say, show

from ..actions.members import one_time_codes
from ..club import Club
from .views import Scene, barcode
from .web_codes import TakenCode


def paper_name(uow: UnitOfWork, member: Member, scene: Scene) -> str:
    """The member as paper calls them, "髙橋 花子様"; empty for one whose name nobody knows."""
    return formal(profiles.contact(uow, member).name, scene.lang)


def paper_card(club: Club, uow: UnitOfWork, member: Member, scene: Scene) -> PaperCard:
    """The card in the issue that counts; its code works until it is issued anew."""
    return PaperCard(
        shop=scene.shop,
        name=paper_name(uow, member, scene),
        number=spaced_number(member.number),
        code=club.codes.card_code(member.number, member.issue),
        caption=scene.say("paper.card"),
        barcode=barcode(scene.programme, member.number),
    )


def slip_message(scene: Scene, slip: Slip) -> str:
    """What a member sends to claim the slip."""
    return say(scene.lang, "paper.slip_message", code=one_time_codes.readable(slip.code))


def slip_picture(club: Club, scene: Scene, slip: Slip) -> SlipPicture:
    """LineError when the account's id isn't known."""
    shop = scene.programme.shop
    last_day = shop.business_date(slip.until - slip.until.resolution)
    worth = []
    if slip.what.visit:
        worth.append(scene.say("paper.slip_visit"))
    if slip.what.yen:
        worth.append(scene.say("paper.slip_yen", yen=slip.what.yen))
    return SlipPicture(
        shop=scene.shop,
        title=scene.say("paper.slip"),
        lines=(
            show(scene.lang, shop.local(slip.at)),
            *worth,
            scene.say("paper.slip_until", until=last_day),
        ),
        how=scene.say("paper.slip_how"),
        link=club.chat_link(slip_message(scene, slip)),
        code=one_time_codes.readable(slip.code),
    )


def code_picture(scene: Scene, taken: TakenCode) -> SlipPicture:
    """A code for the web shop, for who has it on paper; the QR holds the code itself."""
    return SlipPicture(
        shop=scene.shop,
        title=taken.name,
        lines=(scene.say("chat.rewards.code_taken", day=taken.on),),
        how=scene.say("chat.rewards.code_how"),
        link=taken.code,
        code=taken.code,
    )
