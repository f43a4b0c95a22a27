from tests.handlers.pages.owner.shops import club as club
from tests.handlers.pages.owner.shops import shop_on_tuesday as shop_on_tuesday
