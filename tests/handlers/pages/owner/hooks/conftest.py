from tests.handlers.pages.owner.shops import club as club
from tests.handlers.pages.owner.shops import shop as shop
