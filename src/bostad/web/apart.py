"""The cases that one case is kept apart from."""

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.placements.apart import OtherCase, apart_page, keep_apart, no_longer_apart
from bostad.placements.run_states import Apart
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import pairs
from bostad.web.rendering import WebRequest, go_to, page


class ApartController(Controller):
    """Keep two of one's own cases apart."""

    path = "/cases/{case_id:uuid}/apart"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show what there is, and ask for one more."""
        return _page(request, sessions, at, case_id, Form(OtherCase))

    @post("/", status_code=200, sync_to_thread=True)
    def add(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Keep apart from another case; its number is sent in the form, so that no address ever holds it (S09)."""
        form = Form.read(OtherCase, data)
        form.submit(lambda given: keep_apart(sessions, case_id, given, by=request.user, at=at))
        if form.errors:
            return _page(request, sessions, at, case_id, form)
        return go_to(request, f"/cases/{case_id}/apart")

    @post("/{pair_id:uuid}/remove", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def remove(
        self, request: WebRequest, case_id: FromPath[UUID], pair_id: FromPath[UUID], sessions: DB, at: At
    ) -> Response[Any]:
        """Take a rule away again."""
        no_longer_apart(sessions, case_id, pair_id, by=request.user, at=at)
        return go_to(request, f"/cases/{case_id}/apart")


def _page(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[OtherCase]) -> Template:
    found = apart_page(sessions, case_id, by=request.user, at=at)
    return page(
        request,
        "placements/apart.html",
        status=form.status,
        case_id=case_id,
        found=found,
        form=form,
        scopes=pairs(Apart),
    )
