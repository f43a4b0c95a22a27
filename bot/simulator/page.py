"""The page at /simulator: its HTML, who may use it, and the pictures it shows."""

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from flask import Blueprint, Response, abort, jsonify, render_template, request

from .customers import Customers
from .errors import NotPossible, PageRefusal
from .guard import content_policy, is_from_our_page
from .login_api import LIFF_ID, id_token
from .page_acts import BODY_BYTES_MAX, TEXT_MAX, add_acts
from .page_input import json_object, text_of
from .page_state import add_state
from .page_world import Travel, add_world
from .platform import BOT_ID, Platform

ShopPages = Mapping[str, Callable[[], str]]


def page_blueprint(
    platform: Platform, customers: Customers, travel: Travel, shop_pages: ShopPages
) -> Blueprint:
    """The page's routes, relative to /simulator."""
    page = Blueprint("page", __name__)
    _add_guards(page, platform)
    _add_html(page, platform, shop_pages)
    _add_mini_app(page, platform)
    _add_pictures(page, platform)
    add_state(page, platform)
    add_acts(page, platform, customers)
    add_world(page, platform, travel)
    return page


def _add_guards(page: Blueprint, platform: Platform) -> None:
    policy = content_policy(platform.base_url)

    @page.before_request
    def only_our_page() -> None:
        request.max_content_length = BODY_BYTES_MAX
        if request.method == "POST" and not is_from_our_page(request, base_url=platform.base_url):
            abort(403, "このページからの操作だけを受け付けます。BASE_URL を確認してください。")

    @page.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @page.errorhandler(PageRefusal)
    @page.errorhandler(NotPossible)
    def refuse(error: Exception) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409 if isinstance(error, NotPossible) else 400


def _add_html(page: Blueprint, platform: Platform, shop_pages: ShopPages) -> None:
    def html(*, draft: str = "", follow: bool = False) -> str:
        return render_template(
            "simulator/page.html",
            bot_name=platform.bot_name,
            bot_id=BOT_ID,
            draft=draft[:TEXT_MAX],
            follow=follow,
            shop_pages=list(shop_pages),
        )

    @page.get("/", strict_slashes=False)
    def show() -> str:
        return html()

    @page.get("/R/oaMessage/<bot_id>/", strict_slashes=False)
    def open_with_text(bot_id: str) -> str:
        if bot_id != BOT_ID:
            abort(404)
        return html(draft=unquote(request.query_string.decode("ascii", "replace")))

    @page.get("/R/ti/p/<bot_id>", strict_slashes=False)
    def add_friend(bot_id: str) -> str:
        if bot_id != BOT_ID:
            abort(404)
        return html(follow=True)

    @page.post("/page/shop/<name>")
    def shop_page(name: str) -> Response:
        """Where the shop's side is; a link that signs in works once, so it is made when asked."""
        if name not in shop_pages:
            abort(404)
        return jsonify(url=shop_pages[name]())


def _add_mini_app(page: Blueprint, platform: Platform) -> None:
    @page.get(f"/mini-app/{LIFF_ID}")
    def open_mini_app() -> str:
        """LINE's browser opens the MINI App's page, for whoever taps its link in the chat."""
        account = platform.people.get(request.args.get("user", ""))
        if account is None:
            abort(404)
        return render_template("simulator/mini_app.html", user_id=account.user_id)

    @page.post("/page/id-token")
    def hand_token() -> Response:
        """What LINE gives the page that this person opened."""
        user_id = text_of(json_object(), "user", most=40)
        if platform.people.get(user_id) is None:
            abort(404)
        return jsonify(id_token=id_token(platform, user_id))


def _add_pictures(page: Blueprint, platform: Platform) -> None:
    @page.get("/menu/<menu_id>")
    def menu_picture(menu_id: str) -> Response:
        return _picture(platform.menus.image(menu_id))

    @page.get("/sent/<int:message_id>")
    def sent_picture(message_id: int) -> Response:
        return _picture(platform.chat.content(message_id))


def _picture(found: tuple[str, bytes] | None) -> Response:
    if found is None:
        abort(404)
    response = Response(found[1], content_type=found[0])
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
