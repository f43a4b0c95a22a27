"""Wrong requests about rich menus and their aliases."""

from collections.abc import Mapping

from .refusal_rows import (
    ALIAS,
    MENU,
    MISSING_MENU,
    NOBODY,
    Row,
    menu,
    menu_row,
    post,
)

MENUS: Mapping[str, Row] = {
    # Rich menus.
    "a rich menu without name": menu_row(
        "ref: Create rich menu", {"name": None}, "must be specified", "name"
    ),
    "a rich menu 799 wide": menu_row(
        "ref: size object", {"size": {"width": 799, "height": 250}},
        "Must be between 800 and 2500", "size.width",
    ),
    "a rich menu 249 high": menu_row(
        "ref: size object", {"size": {"width": 800, "height": 249}},
        "must be greater than or equal to 250", "size.height",
    ),
    "a rich menu too square": menu_row(
        "ref: size object", {"size": {"width": 1_000, "height": 690}},
        "the aspect ratio (width / height) must be at least 1.45", "size",
    ),
    "21 areas": menu_row(
        "ref: Rich menu object", {"areas": menu()["areas"] * 21},
        "Size must be between 0 and 20", "areas",
    ),
    "a chat bar text of 15 characters": menu_row(
        "ref: Rich menu object", {"chatBarText": "あ" * 15},
        "Length must be between 0 and 14", "chatBarText",
    ),
    "a rich menu's name of 301 characters": menu_row(
        "ref: Rich menu object", {"name": "あ" * 301}, "Length must be between 0 and 300", "name"
    ),
    "an area's wrong link": menu_row(
        "ref: Create rich menu",
        {"areas": [{**menu()["areas"][0], "action": {"type": "uri", "uri": "https://"}}]},
        "invalid uri", "areas[0].action.uri",
    ),
    "a rich menu to validate without size": post(
        "ref: Validate rich menu object", f"{MENU}/validate", menu(size=None),
        400, "The request body has 1 error(s)", ("must be specified", "size"),
    ),
    "a rich menu that isn't there": Row(
        "ref: Get rich menu", "GET", f"{MENU}/{MISSING_MENU}", None, 404, "Not found"
    ),
    "the picture of a menu without one": Row(
        "ref: Download rich menu image", "GET", MENU + "/{bare_menu}/content", None, 404,
        "Not found",
    ),
    "a GIF for a rich menu": Row(
        "ref: Upload rich menu image", "POST", MENU + "/{bare_menu}/content", b"GIF89a", 415,
        "The content type, image/gif, is not supported", headers={"Content-Type": "image/gif"},
    ),
    "a picture over 1 MB": Row(
        "ref: Upload rich menu image", "POST", MENU + "/{bare_menu}/content",
        b"\x89PNG" + b"\0" * 1024 * 1024, 400, "The image size is not allowed for richmenu",
        headers={"Content-Type": "image/png"},
    ),
    "a second picture": Row(
        "ref: Upload rich menu image", "POST", MENU + "/{menu}/content", b"{png}", 400,
        "An image has already been uploaded to the richmenu",
        headers={"Content-Type": "image/png"},
    ),
    "a menu without picture for everybody": post(
        "ref: Set default rich menu", "/v2/bot/user/all/richmenu/{bare_menu}", None,
        400, "must upload richmenu image before applying it to user",
    ),
    "no default menu": Row(
        "ref: Get default rich menu ID", "GET", "/v2/bot/user/all/richmenu", None, 404,
        "no default richmenu",
    ),
    "a missing menu for somebody": post(
        "ref: Link rich menu to user", "/v2/bot/user/{user}/richmenu/" + MISSING_MENU, None,
        404, "Not found",
    ),
    "a menu for an impossible id": post(
        "ref: Link rich menu to user", "/v2/bot/user/sakura/richmenu/{menu}", None,
        400, "The value for the 'userId' parameter is invalid",
    ),
    "the menu of someone without": Row(
        "ref: Get rich menu ID of user", "GET", "/v2/bot/user/{user}/richmenu", None, 404,
        "the user has no richmenu",
    ),
    "a menu for 501 people": post(
        "ref: Link rich menu to multiple users", f"{MENU}/bulk/link",
        {"richMenuId": "{menu}", "userIds": [NOBODY] * 501},
        400, "The request body has 1 error(s)", ("Size must be between 1 and 500", "userIds"),
    ),
    "a menu for a wrong id among many": post(
        "ref: Link rich menu to multiple users", f"{MENU}/bulk/link",
        {"richMenuId": "{menu}", "userIds": ["sakura"]},
        400, "The property, 'userIds[0]', in the request body is invalid (line: -, column: -)",
    ),
    "a menu id of another form for many": post(
        "ref: Link rich menu to multiple users", f"{MENU}/bulk/link",
        {"richMenuId": "default", "userIds": ["{user}"]},
        400, "The request body has 1 error(s)", ("invalid richMenuId", "richMenuId"),
    ),
    "a missing menu for many": post(
        "ref: Link rich menu to multiple users", f"{MENU}/bulk/link",
        {"richMenuId": MISSING_MENU, "userIds": ["{user}"]}, 404, "richmenu not found",
    ),
    "an alias of a missing menu": post(
        "ref: Create rich menu alias", ALIAS,
        {"richMenuAliasId": "gold", "richMenuId": MISSING_MENU}, 400, "richmenu not found",
    ),
    "an alias of a wrong menu id": post(
        "ref: Create rich menu alias", ALIAS, {"richMenuAliasId": "gold", "richMenuId": "x"},
        400, "The request body has 1 error(s)", ("invalid richMenuId", "richMenuId"),
    ),
    "an alias in Japanese": post(
        "ref: Create rich menu alias", ALIAS,
        {"richMenuAliasId": "金", "richMenuId": "{menu}"},
        400, "The request body has 1 error(s)", ("invalid richMenuAliasId", "richMenuAliasId"),
    ),
    "an alias that is there": post(
        "ref: Create rich menu alias", ALIAS,
        {"richMenuAliasId": "silver", "richMenuId": "{menu}"}, 400, "conflict richmenu alias id",
    ),
    "an alias that isn't there": Row(
        "ref: Delete rich menu alias", "DELETE", f"{ALIAS}/gold", None, 404,
        "richmenu alias not found",
    ),
    "an alias of a form that can't be": Row(
        "ref: Delete rich menu alias", "DELETE", f"{ALIAS}/GOLD", None, 400,
        "The value for the 'richMenuAliasId' parameter is invalid",
    ),
}  # fmt: skip
