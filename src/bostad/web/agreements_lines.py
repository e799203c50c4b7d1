"""The quota lines of an agreement: how many homes, for whom, and on what terms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.agreements import service
from bostad.agreements.answers import LineAnswers
from bostad.agreements.pages import agreement_answers, line_answers
from bostad.agreements.states import CarryOver, TargetGroup
from bostad.homes.features import Feature
from bostad.needs.household import ContractForm
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page


class LinesController(Controller):
    """Add a line to an agreement."""

    path = "/agreements/{agreement_id:uuid}/lines"
    guards = [only(Role.UNIT_MANAGER), stepped_up]

    @get("/new", sync_to_thread=True)
    def new(self, request: WebRequest, agreement_id: FromPath[UUID], sessions: DB) -> Template:
        """Ask about a new line."""
        agreement_answers(sessions, agreement_id, by=request.user)
        return _form(request, Form(LineAnswers, {"carry_over": CarryOver.NONE}), agreement_id, None)

    @post("/new", status_code=200, sync_to_thread=True)
    def add(self, request: WebRequest, agreement_id: FromPath[UUID], data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Add it."""
        agreement_answers(sessions, agreement_id, by=request.user)
        form = Form.read(LineAnswers, data)
        form.submit(lambda answers: service.add_line(sessions, agreement_id, answers, by=request.user, at=at))
        if form.errors:
            return _form(request, form, agreement_id, None)
        return go_to(request, f"/agreements/{agreement_id}")


class LineController(Controller):
    """Change a line."""

    path = "/lines/{line_id:uuid}"
    guards = [only(Role.UNIT_MANAGER), stepped_up]

    @get("/", sync_to_thread=True)
    def edit(self, request: WebRequest, line_id: FromPath[UUID], sessions: DB) -> Template:
        """Show a line's answers to change."""
        agreement_id, answers = line_answers(sessions, line_id, by=request.user)
        form = Form.showing(answers)
        form.values["districts_excluded"] = ", ".join(answers.districts_excluded)
        return _form(request, form, agreement_id, line_id)

    @post("/", status_code=200, sync_to_thread=True)
    def change(self, request: WebRequest, line_id: FromPath[UUID], data: Sent, sessions: DB, at: At) -> Response[Any]:
        """Change it."""
        agreement_id, _ = line_answers(sessions, line_id, by=request.user)
        form = Form.read(LineAnswers, data)
        form.submit(lambda answers: service.edit_line(sessions, line_id, answers, by=request.user, at=at))
        if form.errors:
            return _form(request, form, agreement_id, line_id)
        return go_to(request, f"/agreements/{agreement_id}")


def _form(request: WebRequest, form: Form[LineAnswers], agreement_id: UUID, line_id: UUID | None) -> Template:
    return page(
        request,
        "agreements/line.html",
        status=form.status,
        form=form,
        agreement_id=agreement_id,
        line_id=line_id,
        options=_OPTIONS,
    )


_OPTIONS: Mapping[str, list[tuple[str, Any]]] = {
    "groups": [(one.value, one) for one in TargetGroup],
    "contracts": [(one.value, one) for one in ContractForm],
    "carry_over": [(one.value, one) for one in CarryOver],
    "required": [(one.value, one) for one in Feature],
}
