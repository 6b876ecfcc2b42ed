"""What must be true once batch and queues have come to their end."""

from collections import Counter

from .kills import CHANNELS, read_journal

# The field of a log row that points at its place in a queue.
QUEUES = {
    "sms_id": "sms.sms",
    "letter_id": "snailmail.letter",
    "activity_id": "mail.activity",
}
COUNTED = """
    SELECT line.level_id, action.kind, action.state, action.partner_id,
           action.address, action.letter_id, action.attachment_id,
           action.activity_id, action.error
      FROM payment_followup_action action
      JOIN payment_followup_action_line line
        ON line.action_id = action.id
     WHERE action.kind = ANY(%s)
"""


class Findings:
    """The faults found in a database, as sentences, and the figures of the run."""

    def __init__(self, env, inbox, journal):
        self.env = env
        self.faults = []
        self.figures = Counter()
        env.cr.execute(COUNTED, (list(CHANNELS),))
        self.rows = env.cr.dictfetchall()
        self.arrived = Counter(
            ("email", address.lower())
            for recipients, _message in inbox.messages
            for address in recipients
        )
        for line in read_journal(journal):
            kind, key = line.split(" ", 1)
            self.arrived[kind, int(key) if kind == "post" else key] += 1
        self._check_rows()
        self._check_levels()
        self._check_arrivals()
        self._check_queues()

    def _expect(self, is_true, sentence):
        if not is_true:
            self.faults.append(sentence)

    def _check_rows(self):
        """Each customer has each channel of its level once, and nothing twice."""
        errors = self.env["payment.followup.action"].search([("kind", "=", "error")])
        self._expect(not errors, f"Errors: {set(errors.mapped('error'))}")
        found = Counter((row["partner_id"], row["kind"]) for row in self.rows)
        for key, number in found.items():
            self._expect(number == 1, f"Reminded {number} times: {key}")
        expected = self._get_expected()
        self._expect(found.keys() == expected, f"Not as due: {found.keys() ^ expected}")
        self.figures["customers"] = len({partner for partner, _kind in expected})
        self.figures["reminders"] = len(self.rows)

    def _get_expected(self):
        levels = self.env["payment.followup.level"].search([], order="delay")
        customers = self.env["res.partner"].search(
            [("name", "=like", "Customer ____")], order="name"
        )
        return {
            (customer.id, kind)
            for number, customer in enumerate(customers)
            for kind, vals in CHANNELS.items()
            if all(levels[number % len(levels)][name] for name in vals)
        }

    def _check_levels(self):
        """The level of a claim counts where a message left, or is on its way."""
        self.env.cr.execute(
            """
            SELECT action.id, line.counts, claim.level_id = line.level_id AS is_level,
                   action.state
              FROM payment_followup_action_line line
              JOIN payment_followup_action action
                ON action.id = line.action_id
         LEFT JOIN payment_followup_claim claim
                ON claim.move_line_id = line.move_line_id
            """
        )
        for action_id, counts, is_level, state in self.env.cr.fetchall():
            self._expect(counts == (state != "failed"), f"Counts wrongly: {action_id}")
            self._expect(is_level or not counts, f"Level is wrong: {action_id}")

    def _check_arrivals(self):
        """What is logged as sent arrived once; what is unclear, at most once."""
        keys = {"email": "address", "sms": "address", "post": "letter_id"}
        for row in self.rows:
            kind, state = row["kind"], row["state"]
            if kind not in keys:
                self._expect(state == "todo", f"Not to do: {row}")
                continue
            number = self.arrived.pop((kind, row[keys[kind]]), 0)
            self.figures[f"{kind} {state}, arrived {number} times"] += 1
            if state == "failed":
                self._expect("may have arrived" in row["error"], f"Lost: {row}")
                self._expect(number <= 1, f"Arrived twice: {row}")
            else:
                self._expect((state, number) == ("sent", 1), f"{number} times: {row}")
        self._expect(not self.arrived, f"Arrived without a row: {self.arrived}")

    def _check_queues(self):
        """Queues and log agree: nothing waits, nothing is there that no row knows."""
        for kind, field in (("letter", "attachment_id"), ("activity", "activity_id")):
            missing = [r for r in self.rows if r["kind"] == kind and not r[field]]
            self._expect(not missing, f"Without {field}: {missing}")
        self._expect(
            not self.env["mail.mail"].search_count([("state", "=", "outgoing")]),
            "Mail is left in the queue",
        )
        actions = self.env["payment.followup.action"]
        for field, model in QUEUES.items():
            known = actions.search([(field, "!=", False)])[field]
            domain = [("id", "not in", known.ids)]
            if model == "mail.activity":
                alerts = self.env.ref(
                    "account_payment_followup.mail_activity_type_failure"
                )
                domain += [
                    ("res_model", "=", "payment.followup.customer"),
                    ("activity_type_id", "!=", alerts.id),
                ]
            self._expect(
                not self.env[model].search_count(domain), f"{model} without a row"
            )
