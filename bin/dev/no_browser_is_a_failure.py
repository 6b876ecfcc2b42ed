"""A plugin of pytest's: a test that finds no working browser fails.

Odoo skips such tests, and a browser tour that never ran would look like success.
"""

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip for want of Chromium into a failure."""
    report = (yield).get_result()
    if report.skipped and "chrome" in str(call.excinfo and call.excinfo.value).lower():
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} needs a browser: {call.excinfo.value}. "
            "Install Chromium (on Debian: apt-get install chromium)."
        )
