from .common import FollowupCommon

DAY = "2026-03-15"


class SendingCommon(FollowupCommon):
    """Debtors, and *Send Letters and Emails* as a clerk opens it."""

    def create_debtor(self, name, due="2026-01-31", amount=1000, **vals):
        """Return a customer who owes ``amount`` since ``due``."""
        customer = self.create_customer(name, **vals)
        self.create_invoice(amount, due, customer)
        return customer

    def set_mode(self, customer, mode):
        customers = self.env["payment.followup.customer"]
        customers._get_or_create(self.company, customer).mode = mode

    def open_sending(self, day=DAY, user=None):
        """Open the screen as a clerk does; return the sending."""
        with self.on(day):
            sendings = self.env["payment.followup.sending"].with_user(
                user or self.clerk
            )
            action = sendings.with_company(self.company).action_open()
            self.env.flush_all()
        return sendings.browse(action["context"]["sending_id"])

    def send(self, sending, day=DAY):
        """Start and drive ``sending`` to its end; return the last progress."""
        with self.on(day):
            progress = sending.action_start()
            while progress["state"] == "running":
                progress = sending.action_send_chunk()
        return progress

    def get_rows(self, sending):
        """Return what the preview promises: a list of tuples."""
        lines = sending.line_ids.filtered("kind")
        return self._read_messages(lines, "remark", "amount")

    def get_log(self, actions):
        """Return the log rows in the form of :meth:`get_rows`."""
        return self._read_messages(actions, "error", "amount_residual")

    def _read_messages(self, rows, remark, amount):
        return sorted(
            (
                row.partner_id.name,
                row.level_id.name,
                row.kind,
                row.address or "",
                row.lang,
                row[remark] or "",
                row[amount],
            )
            for row in rows
        )

    def create_mixed_company(self):
        """Create customers of all channels, fallbacks, languages and levels."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.env["res.lang"]._activate_lang("ar_001")
        self.company.payment_followup_escalation = "age"
        self.company.payment_followup_responsible_id = self.clerk
        everything = {"print_letter": True, "send_post": True, "send_sms": True}
        self.create_level(
            60, "L4", send_whatsapp=True, create_activity=True, **everything
        )
        phone = "+1 212 555 0123"
        self.create_debtor("English mail", "2026-02-25")
        self.create_debtor("Spanish mail", "2026-02-25", lang="es_ES")
        self.create_debtor("Arabic letter", "2026-02-10", lang="ar_001")
        self.create_debtor("No mail", "2026-02-25", email=False)
        self.create_debtor("Bad mail", "2026-02-10", email="ask at the desk")
        self.create_debtor(
            "Bad mail only", "2026-02-25", email="x", street=False, city=False
        )
        self.create_debtor("Call", "2026-02-01")
        self.create_debtor("Everything", "2026-01-01", phone=phone)
        self.create_debtor("No phone", "2026-01-01")
        self.create_debtor("Bad phone", "2026-01-01", phone="reception")
        self.create_debtor("Half address", "2026-01-01", zip=False, phone=phone)
        contact = self.create_debtor("With contact", "2026-02-25", email=False)
        self.create_contact(
            contact, type="followup", email="pay@contact.example", lang="es_ES"
        )
        partly = self.create_debtor("Paid a part", "2026-02-25")
        self.pay(self.env["account.move"].search([("partner_id", "=", partly.id)]), 400)
