from inspect import isfunction

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FollowupCommon

ADDON = "odoo.addons.account_payment_followup."

# Who may press which button, by model: from whom on. An auditor reads; a clerk bills; a
# manager configures; an administrator sets up. A new button fails the test below until
# it has its place here.
READER, CLERK, MANAGER, SYSTEM = "auditor", "clerk", "manager", "system"
BUTTONS = {
    "account.bank.statement.line": {"action_open_followup_entry": READER},
    "account.move": {
        "action_open_followup_history": READER,
        "action_open_followup_statement": READER,
    },
    # Odoo shows the activities of others to those who may write on the record
    "mail.activity": {"action_open_document": CLERK},
    "payment.followup.action": {
        "action_confirm_sent": CLERK,
        "action_open_document": READER,
        "action_open_whatsapp": CLERK,
        "action_print_letters": CLERK,
        "action_set_sent_by_hand": CLERK,
    },
    "payment.followup.assign.wizard": {"action_assign": CLERK},
    "payment.followup.customer": {
        "action_clear_failure": CLERK,
        "action_open_statement": READER,
    },
    "payment.followup.forecast": {
        "action_complete_forecast": READER,
        "action_open_forecast": READER,
    },
    "payment.followup.guard": {
        "action_open_bank_transactions": READER,
        "action_open_levels": READER,
    },
    "payment.followup.hold": {
        "action_do_not_send": MANAGER,
        "action_send_now": MANAGER,
    },
    "payment.followup.hold.wizard": {"action_plan": CLERK},
    # Opens a dialog, which is closed to all but managers
    "payment.followup.level": {"action_preview": READER},
    "payment.followup.level.preview": {"action_open_letter": MANAGER},
    "payment.followup.note.wizard": {"action_log": CLERK},
    "payment.followup.plan.wizard": {
        "action_apply": MANAGER,
        "action_replace": MANAGER,
    },
    "payment.followup.send.wizard": {"action_send": CLERK},
    "payment.followup.sending": {
        "action_complete": CLERK,
        "action_count_pages": CLERK,
        "action_hand_over": CLERK,
        "action_open": CLERK,
        "action_send_chunk": CLERK,
        "action_start": CLERK,
        "action_stop": CLERK,
    },
    "payment.followup.sending.line": {
        "action_open_statement": CLERK,
        "action_tick": CLERK,
        "action_toggle": CLERK,
        "action_untick": CLERK,
    },
    "payment.followup.statement": {
        "action_clear_failure": CLERK,
        "action_open_assign_wizard": CLERK,
        "action_open_form": READER,
        "action_open_hold_wizard": CLERK,
        "action_open_note_wizard": CLERK,
        "action_open_payment_page": READER,
        "action_open_send_wizard": CLERK,
        "action_open_sms": CLERK,
        "action_open_tasks": READER,
        "action_open_thread": READER,
        "action_send_due": CLERK,
        "action_set_trust_bad": CLERK,
        "action_set_trust_good": CLERK,
        "action_set_trust_normal": CLERK,
    },
    "payment.followup.statement.line": {
        "action_include": CLERK,
        "action_open_move": READER,
        "action_open_payment_link": CLERK,
    },
    "payment.followup.whatsapp": {
        "action_cancel": MANAGER,
        "action_retry": MANAGER,
        "action_set_arrived": MANAGER,
        "action_set_missing": MANAGER,
    },
    "res.config.settings": {
        "action_payment_followup_choose_plan": SYSTEM,
        "action_payment_followup_offer_hours": SYSTEM,
        "action_payment_followup_test_post": SYSTEM,
        "action_payment_followup_test_sms": SYSTEM,
        "action_payment_followup_test_whatsapp": SYSTEM,
    },
    "res.partner": {"action_open_followup_statement": READER},
}
# Buttons of a banner, which has no record: they name the company.
COMPANY_BUTTONS = ("action_open_bank_transactions",)
# What each of the roles may press: the buttons of these.
RANKS = {
    "internal": (),
    "auditor": (READER,),
    "clerk": (READER, CLERK),
    "manager": (READER, CLERK, MANAGER),
}


@tagged("post_install", "-at_install")
class TestSecurityButtons(FollowupCommon):
    """Each role presses its own buttons, on the screen or by RPC, and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.roles = {
            "internal": cls.create_user("followup_internal"),
            "auditor": cls.create_user(
                "followup_auditor", "account.group_account_readonly"
            ),
            "clerk": cls.clerk,
            "manager": cls.create_user(
                "followup_manager", "account.group_account_manager"
            ),
        }

    def get_buttons(self, model):
        """Return the names of the public methods ``action_…`` that we define."""
        return {
            name
            for definition in self.env.registry[model]._model_classes__
            if definition.__module__.startswith(ADDON)
            for name, value in vars(definition).items()
            if name.startswith("action_") and isfunction(value)
        }

    def get_records(self):
        """Return a record for each model whose buttons need one."""
        action = self.run_batch("2026-02-15")
        statement = self.get_statement("2026-02-16")
        activity = action.customer_id.activity_schedule("mail.mail_activity_data_todo")
        with self.on("2026-02-16"):
            hold = self.env["payment.followup.hold"].sudo()._hold("volume")
        transaction = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-02-15",
                "amount": 100,
                "payment_ref": "Payment",
            }
        )
        return {
            "account.bank.statement.line": transaction,
            "account.move": self.invoice,
            "mail.activity": activity,
            "payment.followup.action": action,
            "payment.followup.customer": action.customer_id,
            "payment.followup.guard": self.env["payment.followup.guard"],
            "payment.followup.hold": hold,
            "payment.followup.level": self.level_1,
            "payment.followup.statement": statement,
            "payment.followup.statement.line": statement.line_ids,
            "payment.followup.whatsapp": self.create_message("uncertain"),
            "res.partner": self.customer,
        }

    def create_message(self, state):
        return (
            self.env["payment.followup.whatsapp"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "number": "+12125550123",
                    "template": "payment_reminder",
                    "languages": "en",
                    "state": state,
                }
            )
        )

    def press(self, record, name):
        """Press a button; say whether the role was refused, whatever else happened.

        What it did is undone, so that the next role finds the same.
        """
        record.env.invalidate_all()
        arguments = [self.company.id] if name in COMPANY_BUTTONS else []
        with self.on("2026-02-16"), self.env.cr.savepoint() as savepoint:
            try:
                getattr(record, name)(*arguments)
            except AccessError:
                return "refused"
            except UserError:
                return "pressed"
            finally:
                savepoint.rollback()
                record.env.invalidate_all(flush=False)
        return "pressed"

    def test_every_button_has_its_place_in_the_table(self):
        found = {
            model: buttons
            for model in self.env.registry
            if (buttons := self.get_buttons(model))
        }

        self.assertEqual(
            found, {model: set(buttons) for model, buttons in BUTTONS.items()}
        )

    def test_each_role_presses_its_own_buttons_and_no_others(self):
        for model, record in self.get_records().items():
            for name, rank in BUTTONS[model].items():
                for role, user in self.roles.items():
                    expected = "pressed" if rank in RANKS[role] else "refused"
                    found = self.press(record.with_user(user), name)
                    with self.subTest(model=model, button=name, role=role):
                        self.assertEqual(found, expected)

    def test_what_a_manager_decides_about_the_queue_and_the_batch_happens(self):
        manager = self.roles["manager"]
        for state, button, expected in (
            ("uncertain", "action_retry", "outgoing"),
            ("error", "action_retry", "outgoing"),
            ("outgoing", "action_cancel", "canceled"),
            ("uncertain", "action_set_arrived", "sent"),
            ("uncertain", "action_set_missing", "error"),
        ):
            message = self.create_message(state)
            with self.subTest(button=button, state=state):
                getattr(message.with_user(manager), button)()
                self.assertEqual(message.state, expected)
        for button, expected in (
            ("action_do_not_send", "refused"),
            ("action_send_now", "released"),
        ):
            with self.on("2026-02-16"), self.subTest(button=button):
                hold = self.env["payment.followup.hold"].sudo()._hold("volume")
                getattr(hold.with_user(manager), button)()
                self.assertEqual(hold.state, expected)

    def test_a_dialog_is_closed_to_whom_its_button_is(self):
        """Who may not create the dialog has nothing to press the button on."""
        for model, buttons in BUTTONS.items():
            if not self.env[model]._transient or model == "res.config.settings":
                continue
            [rank] = set(buttons.values())
            for role, user in self.roles.items():
                records = self.env[model].with_user(user)
                with self.subTest(model=model, role=role):
                    self.assertEqual(
                        records.has_access("read"), rank in RANKS[role], rank
                    )

    def test_only_administrators_reach_the_settings(self):
        for role, user in self.roles.items():
            settings = self.env["res.config.settings"].with_user(user)
            with self.subTest(role=role):
                self.assertFalse(settings.has_access("create"))

    def test_buttons_do_not_reach_into_another_company(self):
        other = self.setup_other_company()["company"]
        stranger = self.create_user(
            "followup_stranger", "account.group_account_manager", other
        )
        records = self.get_records()

        for model in (
            "account.move",
            "payment.followup.action",
            "payment.followup.customer",
            "payment.followup.hold",
            "payment.followup.level",
            "payment.followup.statement",
            "payment.followup.statement.line",
            "payment.followup.whatsapp",
        ):
            record = records[model].with_user(stranger)
            self.env.invalidate_all()
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.read()
