from tests.handlers.pages.owner.shops import shop as shop
