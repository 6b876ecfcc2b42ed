"""bin/pictures: take the pictures of the documentation from a running bin/run.

They show the demo data, so begin with ``bin/run --fresh``. Nothing is changed but the
language of the administrator, for a moment.
"""

import argparse
import io

from ..browser import open_client
from ..console import say
from ..environment import ensure_environment
from ..paths import ROOT

FOLDER = ROOT / "static" / "description"
COLORS = 256
SETTLE_MILLISECONDS = 2500
MODULE = "account_payment_followup"
WIDTH, HEIGHT = 1280, 800

OPEN = """
    (action) => {
        const { services } = odoo.__WOWL_DEBUG__.root.env;
        const menus = services.menu.getAll();
        const app = menus.find((menu) => menu.xmlid === "account.menu_finance");
        services.menu.setCurrentMenu(app);
        return services.action.doAction(action, { clearBreadcrumbs: true });
    }
"""
SET_LANGUAGE = """
    async (lang) => {
        const { services } = odoo.__WOWL_DEBUG__.root.env;
        await services.orm.write("res.users", [2], { lang });
    }
"""


def main(arguments):
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="bin/pictures", description=__doc__)
    parser.add_argument("--port", type=int, default=8069, help="of Odoo (8069)")
    options = parser.parse_args(arguments)
    ensure_environment()
    with open_client(options.port, WIDTH, HEIGHT) as page:
        _picture_statements(page)
        _picture_sending(page)
        _picture_plans(page, "plans")
        _picture_preview(page)
        _picture_dashboard(page)
        page.evaluate(SET_LANGUAGE, "ar_001")
    # The direction of the screens comes with the login
    with open_client(options.port, WIDTH, HEIGHT) as page:
        try:
            _picture_arabic(page)
        finally:
            page.evaluate(SET_LANGUAGE, "en_US")
    return 0


def _open(page, action, selector):
    page.evaluate(OPEN, f"{MODULE}.{action}")
    page.wait_for_selector(selector)


def _picture_statements(page):
    _open(page, "payment_followup_statement_action", ".o_list_view .o_data_row")
    _take(page, "customer_statements")
    page.click(".o_data_row >> nth=1 >> .o_data_cell[name=partner_id]")
    page.wait_for_selector(".o_form_view .o_form_sheet")
    _take(page, "statement")


def _picture_sending(page):
    _open(page, "payment_followup_sending_open", ".o_list_view .o_group_header")
    _take(page, "sending")


def _picture_plans(page, name):
    _open(page, "payment_followup_plan_wizard_action", ".modal .o_followup_timeline")
    page.click(".modal input[data-value=six_steps]")
    page.wait_for_selector(".modal .o_followup_step:nth-child(6)")
    page.hover(".modal .o_followup_step:nth-child(3)")
    page.locator(".modal-body").screenshot(path=FOLDER / f"{name}.png")
    _shrink(name)
    page.click(".modal-header .btn-close")


def _picture_preview(page):
    _open(page, "payment_followup_level_action", ".o_list_view .o_data_row")
    page.click(".o_data_row >> nth=1 >> .o_data_cell[name=name]")
    page.click("button[name=action_preview]")
    page.wait_for_selector(".modal iframe")
    _take(page, "preview")
    page.click(".modal-header .btn-close")


def _picture_dashboard(page):
    _open(page, "payment_followup_dashboard_action", ".o_followup_dashboard canvas")
    _take(page, "dashboard")


def _picture_arabic(page):
    _open(page, "payment_followup_statement_action", ".o_list_view .o_data_row")
    _take(page, "arabic")


def _take(page, name):
    """Take a picture once pictures, icons and late data have come."""
    page.mouse.move(0, HEIGHT - 1)
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.screenshot(path=FOLDER / f"{name}.png")
    _shrink(name)


def _shrink(name):
    """Keep as few colours as a screen needs: a third of the size."""
    from PIL import Image

    path = FOLDER / f"{name}.png"
    picture = Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    say(f"  {path.name}: {path.stat().st_size // 1024} KB")
