"""One reminder by e-mail ÷ Odoo's own floor; one letter ÷ WeasyPrint alone.

Everything is rolled back. The floor of a mail: render one plain template and create its
``mail.mail``, in the same batches, with the values given that Odoo would otherwise work
out one by one. Both work in the chunks in which the batch commits.
"""

import statistics
import time
from dataclasses import dataclass, field

from odoo.tools import email_normalize, split_every

from odoo.addons.account_payment_followup.models import (
    payment_followup_reminder_batch,
)

from .measure import Backend

CHUNK = payment_followup_reminder_batch.BATCH_SIZE
TARGET_MAIL = 1.5
TARGET_LETTER = 1.3
ROUNDS = 5
CUSTOMERS = 300  # with some ten open items each

PLAIN_BODY = """\
<p>Dear <t t-out="object.name or ''"/>,</p>
<p>Your account shows invoices that are overdue. Please pay them.</p>
<p>Kind regards<t t-if="object.user_id">, <t t-out="object.user_id.name"/></t></p>
"""


@dataclass
class Clock:
    """Processor time of Odoo and its database session together, and the queries."""

    env: object
    seconds: list = field(default_factory=list)
    queries: int = 0

    def time(self, function):
        """Run a function, flush, add what it took, and return its result."""
        backend, cr = Backend(self.env.cr), self.env.cr
        start, before = time.process_time(), backend.seconds()
        queries = cr.sql_log_count
        result = function()
        self.env.flush_all()
        self.seconds.append(time.process_time() - start + backend.seconds() - before)
        self.queries += cr.sql_log_count - queries
        return result


def measure_sending(env, company):
    """Print what an e-mail reminder and a letter cost; return the ratios."""
    env = env(context={"allowed_company_ids": company.ids})
    use_channel(env, company, "send_email")
    ratios = {"mail": _measure_mails(env)}
    use_channel(env, company, "print_letter")
    ratios["letter"] = _measure_letters(env)
    return ratios


def use_channel(env, company, wanted):
    """Let every level of the plan use one channel only."""
    env["payment.followup.level"].search([("company_id", "=", company.id)]).write(
        {
            name: name == wanted
            for name in ("send_email", "send_sms", "create_activity", "print_letter")
        }
    )


def get_statements(env, limit):
    """Return statements due today, those with the most open items."""
    reminders = env["payment.followup.reminder"]
    statements = env["payment.followup.statement"].search(
        reminders._get_batch_domain(), order="id"
    )
    counts = dict(
        env["payment.followup.statement.line"]._read_group(
            [("company_id", "=", env.company.id), ("is_listed", "=", True)],
            ["partner_id"],
            ["__count"],
        )
    )
    reachable = statements.filtered(
        lambda s: email_normalize(s.recipient_id.email or s.partner_id.email)
    )
    return reachable.sorted(lambda s: -counts.get(s.partner_id, 0))[:limit]


def _measure_mails(env):
    partner_ids = get_statements(env, CUSTOMERS + CHUNK).partner_id.ids
    ours, floor = Clock(env), Clock(env)
    template = _create_plain_template(env)
    items = 0
    for _round in range(ROUNDS):
        with env.cr.savepoint() as savepoint:
            items += _measure_round(env, partner_ids, template, ours, floor)
            savepoint.rollback()
    count = ROUNDS * (len(partner_ids) - CHUNK)
    ratio = sum(ours.seconds) / sum(floor.seconds)
    print(
        f"e-mail: {count} reminders of {items / count:.1f} items, "
        f"{_each(ours.seconds, count)} each, {ours.queries / count:.2f} queries; "
        f"floor {_each(floor.seconds, count)}, {floor.queries / count:.2f} queries; "
        f"ratio {ratio:.2f} (target {TARGET_MAIL})"
    )
    return ratio


def _measure_round(env, partner_ids, template, ours, floor):
    """Remind all once, by turns with the floor; return how many items were listed."""
    items = 0
    # The chunk that comes first fills the caches; it does not count.
    for turn, chunk in enumerate(split_every(CHUNK, partner_ids)):
        env.invalidate_all()
        (floor if turn else Clock(env)).time(
            lambda chunk=chunk: template.send_mail_batch(chunk)
        )
        env.invalidate_all()
        actions = (ours if turn else Clock(env)).time(
            lambda chunk=chunk: remind(env, chunk)
        )
        items += len(actions.line_ids) if turn else 0
        if set(actions.mapped("kind")) != {"email"} or "failed" in actions.mapped(
            "state"
        ):
            raise AssertionError("Not every reminder was an e-mail that was queued.")
    env.invalidate_all()
    return items


def remind(env, partner_ids):
    reminders = env["payment.followup.reminder"]
    partners = env["res.partner"].browse(partner_ids)
    return reminders._remind(partners, reminders._get_batch_domain())


def _create_plain_template(env):
    return env["mail.template"].create(
        {
            "name": "Plain",
            "model_id": env["ir.model"]._get("res.partner").id,
            "partner_to": "{{ object.id }}",
            "lang": "{{ object.lang }}",
            "subject": "{{ object.name }}: reminder",
            "body_html": PLAIN_BODY,
        }
    )


def _measure_letters(env, count=40):
    from weasyprint import HTML

    statements = get_statements(env, count)
    letters = env["payment.followup.letter"]
    pages = []
    actions = remind(env, statements.partner_id.ids)
    times = {"ours": [], "weasyprint": []}
    for action in actions:
        page = letters._render_html(action)
        pages.append(page)
        for name, function in (
            ("weasyprint", lambda page=page: HTML(string=page).write_pdf()),
            ("ours", lambda action=action: letters._render_pdf(action)),
        ):
            start = time.process_time()
            function()
            times[name].append(time.process_time() - start)
    ratio = statistics.median(times["ours"]) / statistics.median(times["weasyprint"])
    print(
        f"letter: {len(actions)} letters, median {_ms(times['ours'])} each; WeasyPrint "
        f"alone {_ms(times['weasyprint'])}; ratio {ratio:.2f} (target {TARGET_LETTER})"
    )
    return ratio


def _each(seconds, count):
    return f"{sum(seconds) / count * 1000:.1f} ms"


def _ms(seconds):
    return f"{statistics.median(seconds) * 1000:.1f} ms"
