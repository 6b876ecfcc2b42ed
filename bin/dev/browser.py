"""A browser that is logged in to the Odoo of bin/run."""

import shutil
from contextlib import contextmanager

from .console import Failure

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
TIMEOUT_MILLISECONDS = 120_000


@contextmanager
def open_client(port, width=1280, height=800):
    """Log in as the administrator of ``bin/run``; yield the page of the web client."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_find_browser(), args=ARGUMENTS
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"http://localhost:{port}/web/login")
        page.fill("input[name=login]", "admin")
        page.fill("input[name=password]", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        yield page
        browser.close()


def _find_browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        raise Failure("No browser is found: install Chromium (on Debian: chromium).")
    return path
