"""Open each screen of a running Odoo in a browser and print how long it takes.

    bin/run --big
    bin/clicks [--port 8069] [--only TEXT]

A screen is opened inside the web client, as a click on its menu opens it, up to the
moment at which its data stand there; its filters and groupings one by one. What a
screen adds while one looks, and says so, is not waited for. Odoo's own list of
invoices, on the same data, is the reference. Best of three, in milliseconds.
"""

import argparse

from dev.browser import open_client

MODULE = "account_payment_followup"
REFERENCE = ("Odoo's invoices", "account.action_move_out_invoice_type")
TIMES = 3

# Counts the calls to the server that have no answer yet, those in the background apart.
COUNT_CALLS = """
    () => {
        window.pendingCalls = 0;
        window.addedCalls = 0;
        const { open, send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.open = function (method, url, ...args) {
            this.counter = /action_complete/.test(url) ? "addedCalls" : "pendingCalls";
            return open.call(this, method, url, ...args);
        };
        XMLHttpRequest.prototype.send = function (...args) {
            window[this.counter]++;
            this.addEventListener("loadend", () => window[this.counter]--);
            return send.apply(this, args);
        };
    }
"""
# Opens an action and waits until all its data have come: what the client shows first
# may be its own memory of the last time.
OPEN = """
    async ([action, options]) => {
        const { services } = odoo.__WOWL_DEBUG__.root.env;
        const start = performance.now();
        let end = start;
        await services.action.doAction(action, { clearBreadcrumbs: true, ...options });
        for (let quiet = 0; quiet < 10; quiet++) {
            await new Promise(requestAnimationFrame);
            if (window.pendingCalls || !quiet) {
                quiet = 0;
                end = performance.now();
            }
        }
        return end - start;
    }
"""
# The menus of the add-on: [words, id of the action].
MENUS = """
    (module) => odoo.__WOWL_DEBUG__.root.env.services.menu.getAll()
        .filter((menu) => menu.xmlid?.startsWith(module) && menu.actionID)
        .map((menu) => [menu.name, menu.actionID])
"""
# The filters of the search view of an action: [name, words].
FILTERS = """
    async (id) => {
        const { services } = odoo.__WOWL_DEBUG__.root.env;
        const action = await services.action.loadAction(id);
        if (action.type !== "ir.actions.act_window") {
            return [];
        }
        const views = await services.orm.call(action.res_model, "get_views", [], {
            views: [[action.search_view_id?.[0] || false, "search"]],
        });
        const parser = new DOMParser();
        const arch = parser.parseFromString(views.views.search.arch, "text/xml");
        return [...arch.querySelectorAll("filter")]
            .filter((node) => !node.getAttribute("invisible"))
            .map((node) => [node.getAttribute("name"), node.getAttribute("string")]);
    }
"""
STATEMENTS = """
    () => odoo.__WOWL_DEBUG__.root.env.services.orm.search(
        "payment.followup.statement", [["reason", "=", "due"]], { limit: 3 })
"""

# Those whose filters the search of the work list adds by itself.
LEVELS = """
    () => odoo.__WOWL_DEBUG__.root.env.services.orm.searchRead(
        "payment.followup.level", [], ["name"])
"""
WORK_LIST = "account_payment_followup.payment_followup_statement_action"


def measure(page, name, action, **options):
    """Print the best time of a screen; return it."""
    times = []
    for _time in range(TIMES):
        times.append(page.evaluate(OPEN, [action, options]))
        page.wait_for_function("!window.addedCalls")
    print(f"  {min(times):6.0f}  (first {times[0]:6.0f})  {name}", flush=True)
    return min(times)


def measure_screen(page, name, action):
    """Measure a screen, then each of its filters alone."""
    filters = page.evaluate(FILTERS, action)
    chosen = {f"search_default_{filter_}": False for filter_, _words in filters}
    measure(page, name, action)
    for filter_, words in filters:
        context = chosen | {f"search_default_{filter_}": 1}
        measure(page, f"{name} ▸ {words}", action, additionalContext=context)


def measure_statement(page):
    """Measure a customer's statement, and the wizard that sends its reminder."""
    for id_ in page.evaluate(STATEMENTS):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "payment.followup.statement",
            "res_id": id_,
            "views": [[False, "form"]],
        }
        measure(page, "Customer's statement", action)
    button = "button[name=action_open_send_wizard] >> visible=true"
    if page.query_selector(button):
        start = page.evaluate("performance.now()")
        page.click(button)
        page.wait_for_selector(".modal .modal-footer button")
        print(f"  {page.evaluate('performance.now()') - start:6.0f}  Send wizard")


def measure_levels(page):
    """Measure the work list with the filter of each level."""
    for level in page.evaluate(LEVELS):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "payment.followup.statement",
            "domain": [["due_level_id", "=", level["id"]]],
            "views": [[False, "list"]],
        }
        measure(page, f"Customer Statements ▸ Due: {level['name']}", action)


def measure_selection(page):
    """Measure what comes before reminders to all customers of a page leave."""
    page.evaluate(OPEN, [WORK_LIST, {}])
    page.click("thead .o_list_record_selector input")
    start = page.evaluate("performance.now()")
    page.click("button[name=action_send_due]")
    page.wait_for_selector(".modal .o_followup_start, .modal .o_followup_close")
    spent = page.evaluate("performance.now()") - start
    print(f"  {spent:6.0f}  Send due reminders, a page of customers")


def main(arguments):
    """Measure all screens, or those whose name has a text."""
    parser = argparse.ArgumentParser(prog="bin/clicks", description=__doc__)
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--only", default="", help="screens whose name has this text")
    options = parser.parse_args(arguments)
    with open_client(options.port) as page:
        page.evaluate(COUNT_CALLS)
        for name, action in [REFERENCE, *page.evaluate(MENUS, MODULE)]:
            if options.only in name:
                measure_screen(page, name, action)
        if options.only in "Customer Statements":
            measure_levels(page)
            measure_selection(page)
        if options.only in "Customer's statement":
            measure_statement(page)
    return 0
