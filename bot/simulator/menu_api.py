"""The rich menu part of the Messaging API: menus, pictures, the default, per user, aliases."""

import re
from typing import Any

from flask import Blueprint, Response, request

from .actions import ALIAS_ID
from .answers import ApiError, answer, json_body, refuse_if
from .errors import TooManyAliases
from .menus import Menu, Menus
from .people import USER_ID
from .pictures import picture_size
from .platform import Platform

IMAGE_BYTES_MAX = 1024 * 1024
_NO_IMAGE = "must upload richmenu image before applying it to user"
_NO_ALIAS = "richmenu alias not found"
_ALIAS_ID = re.compile(ALIAS_ID)
_NOT_ALLOWED = "The image size is not allowed for richmenu"


def add_routes(api: Blueprint, platform: Platform) -> None:
    """Adds every rich menu route to the API."""
    _add_menus(api, platform.menus)
    _add_pictures(api, platform.menus)
    _add_default(api, platform.menus)
    _add_links(api, platform.menus)
    _add_bulk_links(api, platform.menus)
    _add_aliases(api, platform.menus)


def _body(name: str) -> Any:
    body = json_body()
    refuse_if(name, body, http_origin=None)
    return body


def _menu(menus: Menus, menu_id: str) -> Menu:
    menu = menus.get(menu_id)
    if menu is None:
        raise ApiError(404, "Not found")
    return menu


def _usable_menu(menus: Menus, menu_id: str) -> Menu:
    menu = _menu(menus, menu_id)
    if not menu.has_image:
        raise ApiError(400, _NO_IMAGE)
    return menu


def _named_menu(menus: Menus, menu_id: str, *, status: int) -> None:
    """The menu that a request body names must exist and have its picture."""
    menu = menus.get(menu_id)
    if menu is None or not menu.has_image:
        raise ApiError(status, "richmenu not found")


def _user(user_id: str) -> str:
    if not USER_ID.fullmatch(user_id):
        raise ApiError(400, "The value for the 'userId' parameter is invalid")
    return user_id


def _alias(alias_id: str) -> str:
    if not _ALIAS_ID.fullmatch(alias_id):
        raise ApiError(400, "The value for the 'richMenuAliasId' parameter is invalid")
    return alias_id


def _keep_alias(menus: Menus, alias_id: str, menu_id: str) -> None:
    try:
        is_new = menus.add_alias(alias_id, menu_id)
    except TooManyAliases:
        raise ApiError(400, "the number of richmenu aliases has reached the limit") from None
    if not is_new:
        raise ApiError(400, "conflict richmenu alias id")


def _add_menus(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/richmenu")
    def create_menu() -> Response:
        menu_id = menus.create(_body("rich menu"))
        if menu_id is None:
            raise ApiError(400, "the number of richmenus has reached the limit")
        return answer({"richMenuId": menu_id})

    @api.post("/v2/bot/richmenu/validate")
    def validate_menu() -> Response:
        _body("rich menu")
        return answer({})

    @api.get("/v2/bot/richmenu/list")
    def list_menus() -> Response:
        return answer({"richmenus": [menu.as_response() for menu in menus.all()]})

    @api.get("/v2/bot/richmenu/<menu_id>")
    def get_menu(menu_id: str) -> Response:
        return answer(_menu(menus, menu_id).as_response())

    @api.delete("/v2/bot/richmenu/<menu_id>")
    def delete_menu(menu_id: str) -> Response:
        menus.delete(_menu(menus, menu_id).menu_id)
        return answer({})


def _add_pictures(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/richmenu/<menu_id>/content")
    def upload(menu_id: str) -> Response:
        size = _menu(menus, menu_id).body["size"]
        if request.mimetype not in ("image/jpeg", "image/png"):
            raise ApiError(415, f"The content type, {request.mimetype}, is not supported")
        image = request.get_data()
        if len(image) > IMAGE_BYTES_MAX or picture_size(image) != (size["width"], size["height"]):
            raise ApiError(400, _NOT_ALLOWED)
        if not menus.set_image(menu_id, content_type=request.mimetype, image=image):
            raise ApiError(400, "An image has already been uploaded to the richmenu")
        return answer({})

    @api.get("/v2/bot/richmenu/<menu_id>/content")
    def download(menu_id: str) -> Response:
        found = menus.image(menu_id)
        if found is None:
            raise ApiError(404, "Not found")
        return Response(found[1], content_type=found[0])


def _add_default(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/user/all/richmenu/<menu_id>")
    def set_default(menu_id: str) -> Response:
        menus.set_default(_usable_menu(menus, menu_id).menu_id)
        return answer({})

    @api.get("/v2/bot/user/all/richmenu")
    def get_default() -> Response:
        menu_id = menus.default_id()
        if menu_id is None:
            raise ApiError(404, "no default richmenu")
        return answer({"richMenuId": menu_id})

    @api.delete("/v2/bot/user/all/richmenu")
    def clear_default() -> Response:
        menus.set_default(None)
        return answer({})


def _add_links(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/user/<user_id>/richmenu/<menu_id>")
    def link(user_id: str, menu_id: str) -> Response:
        menus.link([_user(user_id)], _usable_menu(menus, menu_id).menu_id)
        return answer({})

    @api.get("/v2/bot/user/<user_id>/richmenu")
    def linked(user_id: str) -> Response:
        menu_id = menus.linked_id(_user(user_id))
        if menu_id is None:
            raise ApiError(404, "the user has no richmenu")
        return answer({"richMenuId": menu_id})

    @api.delete("/v2/bot/user/<user_id>/richmenu")
    def unlink(user_id: str) -> Response:
        menus.link([_user(user_id)], None)
        return answer({})


def _add_bulk_links(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/richmenu/bulk/link")
    def bulk_link() -> Response:
        body = _body("bulk link")
        _named_menu(menus, body["richMenuId"], status=404)
        menus.link(body["userIds"], body["richMenuId"])
        return answer({}, 202)

    @api.post("/v2/bot/richmenu/bulk/unlink")
    def bulk_unlink() -> Response:
        menus.link(_body("bulk unlink")["userIds"], None)
        return answer({}, 202)


def _add_aliases(api: Blueprint, menus: Menus) -> None:
    @api.post("/v2/bot/richmenu/alias")
    def create_alias() -> Response:
        body = _body("alias")
        _named_menu(menus, body["richMenuId"], status=400)
        _keep_alias(menus, body["richMenuAliasId"], body["richMenuId"])
        return answer({})

    @api.get("/v2/bot/richmenu/alias/list")
    def list_aliases() -> Response:
        aliases = [
            {"richMenuAliasId": alias_id, "richMenuId": menu_id}
            for alias_id, menu_id in sorted(menus.aliases().items())
        ]
        return answer({"aliases": aliases})

    @api.get("/v2/bot/richmenu/alias/<alias_id>")
    def get_alias(alias_id: str) -> Response:
        menu_id = menus.aliases().get(_alias(alias_id))
        if menu_id is None:
            raise ApiError(404, _NO_ALIAS)
        return answer({"richMenuAliasId": alias_id, "richMenuId": menu_id})

    @api.post("/v2/bot/richmenu/alias/<alias_id>")
    def change_alias(alias_id: str) -> Response:
        menu_id = _body("alias change")["richMenuId"]
        if _alias(alias_id) not in menus.aliases():
            raise ApiError(404, _NO_ALIAS)
        _named_menu(menus, menu_id, status=400)
        menus.change_alias(alias_id, menu_id)
        return answer({})

    @api.delete("/v2/bot/richmenu/alias/<alias_id>")
    def delete_alias(alias_id: str) -> Response:
        if not menus.delete_alias(_alias(alias_id)):
            raise ApiError(404, _NO_ALIAS)
        return answer({})
