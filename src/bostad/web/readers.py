"""Who has read a case: found by its number, shown, and taken out on paper or as a file."""

import csv
import io
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Actor, Role
from bostad.adapters.spreadsheets import escaped
from bostad.oversight.answers import Extract, ReadersOf
from bostad.oversight.readers import ReadersPage, find_readers, readers_page, take_out
from bostad.oversight.states import Reason
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import pairs
from bostad.web.rendering import WebRequest, go_to, page
from bostad.web.speech import moment, said
from bostad.words import say


class ReadersController(Controller):
    """The log of one case, for whoever answers for how it is read."""

    path = "/readers"
    guards = [only(Role.UNIT_MANAGER, Role.DATA_PROTECTION_OFFICER)]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask for the case's number."""
        return page(request, "oversight/find.html", form=Form(ReadersOf))

    @post("/find", status_code=200, sync_to_thread=True)
    def find(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Go to it; the number is sent in the form, so that no address ever holds it (S09)."""
        form, me = Form.read(ReadersOf, data), request.user
        case_id = form.submit(lambda given: find_readers(sessions, given.case_number, by=me, at=at))
        if case_id is None:
            return page(request, "oversight/find.html", status=form.status, form=form)
        return go_to(request, f"/readers/{case_id}")

    @get("/{case_id:uuid}", sync_to_thread=True)
    def show(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB) -> Template:
        """Show who did and read what."""
        return _page(request, sessions, case_id, Form(Extract))

    @post("/{case_id:uuid}/extract", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def extract(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Give it to print or as a file, for a reason that stands on it and in the log (S64)."""
        form = Form.read(Extract, data)
        if form.answers is None:
            return _page(request, sessions, case_id, form)
        reason = form.answers.reason
        found = take_out(sessions, case_id, reason, by=request.user, at=at)
        if data.get("to") == "file":
            headers = {"Content-Disposition": 'attachment; filename="utdrag.csv"'}
            return Response(_as_csv(found, reason, request.user, at), media_type="text/csv", headers=headers)
        return page(request, "oversight/readers_print.html", found=found, reason=reason, at=at)


def _page(request: WebRequest, sessions: Sessions, case_id: UUID, form: Form[Extract]) -> Template:
    found = readers_page(sessions, case_id, by=request.user)
    return page(request, "oversight/readers.html", status=form.status, found=found, form=form, reasons=pairs(Reason))


def _as_csv(found: ReadersPage, reason: Reason, by: Actor, at: datetime) -> str:
    """Write the list with a first line that says who took it out, when and what for; no cell is a formula (S60)."""
    text = io.StringIO()
    writer = csv.writer(text)
    taken = say("Taken out by %(name)s, %(moment)s. %(reason)s.", name=by.name, moment=moment(at), reason=reason)
    writer.writerow(escaped([said(taken)]))
    heads = (say("Number"), say("When"), say("Who"), say("Act"), say("Why"), say("Fields"))
    writer.writerow(escaped(said(head) for head in heads))
    for row in found.rows:
        why = said(row.purpose) if row.purpose else ""
        cells = [row.number, row.at.isoformat(), row.who, said(row.action), why, " ".join(row.fields)]
        writer.writerow(escaped(cells))
    return "\ufeff" + text.getvalue()
