"""What becomes of one case: whether it is kept, and an extract of it for the case file."""

import json
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from bostad.accounts.access import Role
from bostad.keeping.answers import KeptAnswer, YesOrNo
from bostad.keeping.extract import as_data, keeping_of, take_extract
from bostad.keeping.service import answer_kept
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page

DOWNLOAD = {"Content-Disposition": 'attachment; filename="extract.json"'}
"""The name says nothing of what is in the file (U31)."""


class CaseKeepingController(Controller):
    """One case's part in it."""

    path = "/cases/{case_id:uuid}/keeping"
    guards = [only(Role.SOCIAL_WORKER, Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask whether the case is kept, and offer an extract."""
        return _show(request, sessions, at, case_id, None)

    @post("/", guards=[only(Role.SOCIAL_WORKER)], status_code=200, sync_to_thread=True)
    def answer(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Keep the answer."""
        form, me = Form.read(KeptAnswer, data), request.user
        form.submit(
            lambda given: answer_kept(sessions, case_id, kept=given.kept is YesOrNo.YES, by=me, at=at),
        )
        if form.errors:
            return _show(request, sessions, at, case_id, form)
        return go_to(request, f"/cases/{case_id}/keeping")

    @post("/extract", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def extract(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show the extract as a page to print; the log says that it was taken."""
        found = take_extract(sessions, case_id, by=request.user, at=at)
        return page(request, "keeping/extract.html", found=found, case_id=case_id, at=at)

    @post("/extract/file", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def file(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Response[bytes]:
        """Give the same as a file for the case system."""
        found = as_data(take_extract(sessions, case_id, by=request.user, at=at))
        content = json.dumps(found, ensure_ascii=False, indent=2).encode()
        return Response(content, media_type="application/json", headers=DOWNLOAD)


def _show(request: WebRequest, sessions: DB, at: At, case_id: UUID, form: Form[KeptAnswer] | None) -> Template:
    found = keeping_of(sessions, case_id, by=request.user, at=at)
    if form is None:
        given = {None: "", True: YesOrNo.YES, False: YesOrNo.NO}[found.kept]
        form = Form(KeptAnswer, {"kept": given})
    answers = [(one.value, one.label) for one in YesOrNo]
    return page(request, "keeping/case.html", status=form.status, found=found, form=form, answers=answers)
