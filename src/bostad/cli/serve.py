"""`bostad serve`: the web pages, behind a proxy that speaks TLS."""

import argparse
import logging

import uvicorn

from bostad.adapters.logs import write_lines
from bostad.settings import read_web_settings

GOODBYE_SECONDS = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("serve", help="serve the web pages")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop. Settings are read first, so that a fault in them is one line and not a trace."""
    settings = read_web_settings()
    write_lines(logging.INFO)
    uvicorn.run(
        "bostad.app:from_environment",
        factory=True,
        host=options.host,
        port=settings.port,
        log_config=None,  # ours, above
        access_log=False,  # addresses hold identities of cases; the audit log says who saw what
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_SECONDS,  # an open page must not keep the service from stopping
    )
    return 0
