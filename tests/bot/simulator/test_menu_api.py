"""Rich menus, as the bot makes them and as customers see them."""

import struct
import zlib
from typing import Any

import pytest
from linebot.v3 import messaging
from linebot.v3.messaging.exceptions import ApiException

from bot.simulator import new_user_id
from bot.simulator.pictures import picture_size

from .conftest import World, last_event

MISSING = "richmenu-" + "0" * 32


def png(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def menu(name: str = "既定", **changes: Any) -> dict[str, Any]:
    return {
        "size": {"width": 1200, "height": 405},
        "selected": True,
        "name": name,
        "chatBarText": "メニュー",
        "areas": [
            {
                "bounds": {"x": 0, "y": 0, "width": 600, "height": 405},
                "action": {"type": "message", "label": "カード", "text": "カード"},
            }
        ],
        **changes,
    }


def create(world: World, *, image: bytes | None = None, **changes: Any) -> str:
    request = messaging.RichMenuRequest.from_dict(menu(**changes))
    menu_id = str(world.client.create_rich_menu(request).rich_menu_id)
    if image is not None:
        upload(world, menu_id, image)
    return menu_id


def upload(world: World, menu_id: str, image: bytes, content_type: str = "image/png") -> None:
    world.blob_client.set_rich_menu_image(
        menu_id, body=bytearray(image), _headers={"Content-Type": content_type}
    )


def seen_menu(world: World, user_id: str) -> Any:
    shown = world.page(f"/page/state?user={user_id}").json()["menu"]
    return shown and shown["id"]


def test_a_menu_comes_back_as_it_was_made(world: World) -> None:
    menu_id = create(world)

    listed = world.client.get_rich_menu_list().richmenus

    assert [one.rich_menu_id for one in listed] == [menu_id]
    assert world.call("GET", f"/v2/bot/richmenu/{menu_id}").json() == {
        "richMenuId": menu_id,
        **menu(),
    }


def test_everybody_sees_the_default_menu_unless_they_have_their_own(world: World) -> None:
    one, other, stranger = world.friend(), world.friend("太郎"), new_user_id()
    world.simulator.add_account(stranger, "通りすがり", follows=False)
    default, own = create(world, image=png(1200, 405)), create(world, image=png(1200, 405))
    world.client.set_default_rich_menu(default)
    world.client.link_rich_menu_id_to_user(one, own)

    assert [seen_menu(world, user) for user in (one, other, stranger)] == [own, default, None]
    assert world.client.get_default_rich_menu_id().rich_menu_id == default
    assert world.client.get_rich_menu_id_of_user(one).rich_menu_id == own
    world.client.unlink_rich_menu_id_from_user(one)
    assert seen_menu(world, one) == default


def test_the_uploaded_picture_is_served_to_the_bot_and_the_page(world: World) -> None:
    image = png(1200, 405)
    menu_id = create(world, image=image)

    assert bytes(world.blob_client.get_rich_menu_image(menu_id)) == image
    shown = world.page(f"/menu/{menu_id}")
    assert (shown.data, shown.headers["Content-Type"]) == (image, "image/png")


def test_a_picture_cannot_be_replaced(world: World) -> None:
    menu_id = create(world, image=png(1200, 405))

    with pytest.raises(ApiException, match="already been uploaded") as refused:
        upload(world, menu_id, png(1200, 405))

    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("image", "content_type", "status"),
    [
        (png(1200, 404), "image/png", 400),
        (b"not a picture", "image/png", 400),
        (png(1200, 405) + b"\0" * 1024 * 1024, "image/png", 400),
        (png(1200, 405), "image/gif", 415),
    ],
)
def test_unfit_pictures_are_refused(
    world: World, image: bytes, content_type: str, status: int
) -> None:
    menu_id = create(world)

    with pytest.raises(ApiException) as refused:
        upload(world, menu_id, image, content_type)

    assert refused.value.status == status
    assert world.call("GET", f"/v2/bot/richmenu/{menu_id}/content").status == 404


def test_a_menu_without_picture_is_for_nobody(world: World) -> None:
    menu_id, user = create(world), world.friend()

    for path in (f"/v2/bot/user/all/richmenu/{menu_id}", f"/v2/bot/user/{user}/richmenu/{menu_id}"):
        answer = world.call("POST", path)
        assert answer.status == 400
        assert "must upload richmenu image" in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v2/bot/richmenu/{MISSING}"),
        ("DELETE", f"/v2/bot/richmenu/{MISSING}"),
        ("POST", f"/v2/bot/user/all/richmenu/{MISSING}"),
        ("GET", "/v2/bot/user/all/richmenu"),
        ("GET", f"/v2/bot/user/U{'0' * 32}/richmenu"),
        ("GET", "/v2/bot/richmenu/alias/none"),
        ("DELETE", "/v2/bot/richmenu/alias/none"),
    ],
)
def test_what_is_not_there_is_not_found(world: World, method: str, path: str) -> None:
    assert world.call(method, path).status == 404


def test_a_deleted_menu_disappears_from_where_it_was_shown(world: World) -> None:
    user, menu_id = world.friend(), create(world, image=png(1200, 405))
    world.client.set_default_rich_menu(menu_id)
    world.client.link_rich_menu_id_to_user(user, menu_id)

    world.client.delete_rich_menu(menu_id)

    assert seen_menu(world, user) is None
    assert world.call("GET", "/v2/bot/user/all/richmenu").status == 404


def test_the_default_can_be_cleared(world: World) -> None:
    world.client.set_default_rich_menu(create(world, image=png(1200, 405)))

    world.client.cancel_default_rich_menu()

    assert world.call("GET", "/v2/bot/user/all/richmenu").status == 404


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"name": None}, [{"message": "must be specified", "property": "name"}]),
        (
            {"size": {"width": 1200, "height": 900}},
            [
                {
                    "message": "the aspect ratio (width / height) must be at least 1.45",
                    "property": "size",
                }
            ],
        ),
        (
            {"chatBarText": "あ" * 15},
            [{"message": "Length must be between 0 and 14", "property": "chatBarText"}],
        ),
        (
            {"areas": menu()["areas"] * 21},
            [{"message": "Size must be between 0 and 20", "property": "areas"}],
        ),
    ],
)
def test_menus_that_line_would_not_take(
    world: World, changes: dict[str, Any], details: list[dict[str, str]]
) -> None:
    answer = world.call("POST", "/v2/bot/richmenu", menu(**changes))

    assert (answer.status, answer.json()["details"]) == (400, details)


def test_many_can_be_linked_at_once(world: World) -> None:
    users = [world.friend(str(number)) for number in range(3)]
    menu_id = create(world, image=png(1200, 405))

    linked = world.client.link_rich_menu_id_to_users_with_http_info(
        messaging.RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=users)
    )
    world.client.unlink_rich_menu_id_from_users(
        messaging.RichMenuBulkUnlinkRequest(userIds=users[:1])
    )

    assert linked.status_code == 202
    assert [seen_menu(world, user) for user in users] == [None, menu_id, menu_id]


def test_a_tap_switches_to_the_menu_of_an_alias(world: World) -> None:
    user = world.friend()
    menu_id = create(world, image=png(1200, 405))
    world.client.create_rich_menu_alias(
        messaging.CreateRichMenuAliasRequest(richMenuAliasId="second", richMenuId=menu_id)
    )
    customers = world.simulator.customers

    switched = last_event(world, customers.switch_menu(user, alias_id="second", data="to second"))
    missed = last_event(world, customers.switch_menu(user, alias_id="third", data="to third"))

    assert seen_menu(world, user) == menu_id
    assert switched["postback"] == {
        "data": "to second",
        "params": {"newRichMenuAliasId": "second", "status": "SUCCESS"},
    }
    assert missed["postback"]["params"] == {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}


def test_aliases_are_made_changed_listed_and_removed(world: World) -> None:
    first, second = create(world, image=png(1200, 405)), create(world, image=png(1200, 405))
    request = messaging.CreateRichMenuAliasRequest(richMenuAliasId="a", richMenuId=first)
    world.client.create_rich_menu_alias(request)

    with pytest.raises(ApiException, match="conflict richmenu alias id"):
        world.client.create_rich_menu_alias(request)
    world.client.update_rich_menu_alias(
        "a", messaging.UpdateRichMenuAliasRequest(richMenuId=second)
    )

    assert world.client.get_rich_menu_alias("a").rich_menu_id == second
    assert len(world.client.get_rich_menu_alias_list().aliases) == 1
    world.client.delete_rich_menu_alias("a")
    assert world.client.get_rich_menu_alias_list().aliases == []


def test_picture_sizes_are_read_from_png_and_jpeg_headers() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x01\x95\x04\xb0\x01"

    assert picture_size(png(3, 2)) == (3, 2)
    assert picture_size(jpeg) == (1200, 405)
    assert picture_size(b"\xff\xd8\xff") is None
    assert picture_size(b"GIF89a") is None
