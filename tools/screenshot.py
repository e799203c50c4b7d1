"""Make the README's picture: start a demo, sign in as its social worker, photograph a case with a proposal."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bostad.accounts.totp import code_at
from bostad.cli.demo_code import EVERYBODYS_APP
from bostad.cli.demo_data import EVERYBODYS_WORDS

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "screenshot.png"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = "bostad is ready"


def main() -> int:
    """Start, photograph, stop."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="bostad-picture-"))
    folder.chmod(0o711)
    command = [sys.executable, "-m", "bostad.cli", "demo", "--port", str(port), "--folder", str(folder / "demo")]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if not any(READY in line for line in demo.stdout or ()):
            return 1
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            _photograph(browser.new_page(viewport={"width": 1000, "height": 900}), f"http://127.0.0.1:{port}")
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _photograph(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("#username").fill("worker1")
    page.locator("#password").fill(EVERYBODYS_WORDS)
    page.locator("#password").press("Enter")
    page.locator("#code").fill(code_at(EVERYBODYS_APP, datetime.now(UTC)))
    page.locator("#code").press("Enter")
    page.wait_for_url("**/cases")
    page.locator("tr:has(a[href^='/placements/']) th a").first.click()
    page.locator("[data-stage]").wait_for()
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    sys.exit(main())
