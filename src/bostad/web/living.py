"""Where the household lives while it waits."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs.answers import Stay
from bostad.needs.staying import move_stay, save_stay
from bostad.needs.stays import PlaceKind
from bostad.needs.surroundings import stay_page
from bostad.records import Sessions
from bostad.web.auth import only
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import Back, back_to, pairs
from bostad.web.rendering import WebRequest, go_to, page


class LivingController(Controller):
    """Where they live now: told once, mended, or followed by another place."""

    path = "/cases/{case_id:uuid}/answers/living"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, back: Back = None) -> Template:
        """Ask where they live, filled in with what is known."""
        return _page(request, sessions, at, case_id, back=back)

    @post("/", status_code=200, sync_to_thread=True)
    def save(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Keep it."""
        return _keep(save_stay, request, sessions, at, case_id, data)

    @get("/move", sync_to_thread=True)
    def ask_move(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask where they have moved to meanwhile."""
        return _page(request, sessions, at, case_id, Form(Stay), moving=True)

    @post("/move", status_code=200, sync_to_thread=True)
    def move(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """End the former stay and begin another."""
        return _keep(move_stay, request, sessions, at, case_id, data, moving=True)


def _keep(
    act: Callable[..., None],
    request: WebRequest,
    sessions: Sessions,
    at: At,
    case_id: UUID,
    data: Sent,
    *,
    moving: bool = False,
) -> Template | Response[Any]:
    form, me = Form.read(Stay, data), request.user
    form.submit(lambda stay: act(sessions, case_id, stay, by=me, at=at))
    if form.errors:
        return _page(request, sessions, at, case_id, form, back=data.get("back"), moving=moving)
    return go_to(request, back_to(case_id, data.get("back")))


def _page(
    request: WebRequest,
    sessions: Sessions,
    at: At,
    case_id: UUID,
    form: Form[Stay] | None = None,
    *,
    back: object = None,
    moving: bool = False,
) -> Template:
    found = stay_page(sessions, case_id, by=request.user, on=at.date())
    form = form or Form(Stay, found.values)
    return page(
        request,
        "needs/living.html",
        status=form.status,
        case_id=case_id,
        found=found,
        form=form,
        kinds=pairs(PlaceKind),
        back="check" if back == "check" else "",
        moving=moving,
    )
