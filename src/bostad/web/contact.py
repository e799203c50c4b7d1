"""The contact that stands on a board's cards; its administrator keeps it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.accounts.contact import Contact, choose_contact, contact_page
from bostad.web.auth import only, stepped_up
from bostad.web.doors import AT_THE_DOOR, DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page


class ContactController(Controller):
    """Whom a company asks at social services."""

    path = "/contact"
    dependencies = AT_THE_DOOR
    guards = [only(Role.ADMINISTRATOR)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, sessions: DB) -> Template:
        """Show it, to change."""
        form = Form.showing(contact_page(sessions, by=request.user))
        return page(request, "accounts/contact.html", form=form)

    @post("/", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def choose(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Response[Any]:
        """Keep it."""
        form = Form.read(Contact, data)
        form.submit(lambda given: choose_contact(sessions, given, by=request.user, at=at))
        if form.errors:
            return page(request, "accounts/contact.html", status=form.status, form=form)
        return go_to(request, "/contact")
