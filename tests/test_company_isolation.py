import inspect
import json
from datetime import date, datetime

from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import FollowupCommon
from .test_security import RIGHTS

DAY = "2026-02-15"
# In every name and text of the other company, and nowhere else.
SECRET = "zeta"
AMOUNT = 77777.77
ROLES = {
    "clerk": "account.group_account_invoice",
    "auditor": "account.group_account_readonly",
    "manager": "account.group_account_manager",
}
REFUSALS = (AccessError, MissingError, UserError)
# Core models that carry our data as well.
CORE_MODELS = ("mail.activity", "mail.message", "ir.attachment", "account.move")
NUMBERS = ("integer", "float", "monetary")


@tagged("post_install", "-at_install")
class TestCompanyIsolation(FollowupCommon):
    """What one company knows of a shared customer never shows in another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.create_user(f"isolated_{role}", group)
            for role, group in ROLES.items()
        }
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.customer.phone = "+1 212 555 0123"
        cls.other = cls.setup_other_company(name="Zeta Limited")["company"]
        cls.other.write(
            {
                "email": "accounts@zeta.example",
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
                "payment_followup_alarm_factor": 0,
                "payment_followup_alarm_share": 0,
            }
        )
        cls.other_user = cls.create_user(
            "zeta_manager", ROLES["manager"], cls.other, name="Zeta Manager"
        )
        cls.other.payment_followup_responsible_id = cls.other_user
        cls.create_level(
            10,
            "Zeta Level",
            cls.other,
            send_email=True,
            send_sms=True,
            print_letter=True,
            create_activity=True,
            activity_summary="Zeta call",
        )
        cls.create_level(20, "Zeta Later", cls.other, send_email=True)
        cls.fill_other_company()

    @classmethod
    def fill_other_company(cls):
        """Give the other company a row of everything, each with the secret in it."""
        cls.other_invoices = [
            cls.create_invoice(AMOUNT, "2026-01-31", company=cls.other, name=name)
            for name in ("ZETA/1", "ZETA/2", "ZETA/3")
        ]
        _first, promised, disputed = cls.other_invoices
        promised.expected_payment_date = "2026-02-10"
        promised.expected_payment_note = "Zeta promise"
        disputed.no_followup = True
        test = cls("run_batch")
        test.run_batch(DAY)
        cls.other_actions = cls.env["payment.followup.action"].search(
            [("company_id", "=", cls.other.id)]
        )
        cls.other_customer = cls.other_actions.customer_id
        cls.other_customer.message_post(body="Zeta talk")
        cls.env["payment.followup.hold"].sudo().create(
            {
                "company_id": cls.other.id,
                "kind": "volume",
                "date": DAY,
                "last_date": DAY,
                "user_id": cls.other_user.id,
            }
        )
        cls.env["payment.followup.whatsapp"].sudo().create(
            {
                "company_id": cls.other.id,
                "partner_id": cls.customer.id,
                "number": "+12125550123",
                "template": "zeta",
                "languages": "en",
                "parameters": [["name", "Zeta"]],
                "body": "Zeta message",
            }
        )
        late = cls.create_customer("Zeta Customer")
        cls.create_invoice(AMOUNT, "2026-01-31", late, company=cls.other, name="ZETA/4")
        with test.on(DAY):
            env = cls.env(user=cls.other_user)
            env["payment.followup.forecast"].action_open_forecast()
            env["payment.followup.sending"].action_open()
        cls.env.flush_all()

    # --- helpers

    def get_models(self):
        """Return the models whose rows belong to a company."""
        return [
            name
            for name in RIGHTS
            if "company_id" in self.env[name]._fields
            and not name.endswith(".wizard")
            and name != "payment.followup.level.preview"
        ]

    def get_readers(self, model):
        """Yield the model as each role sees it that may read it."""
        for role, user in self.users.items():
            records = self.env(user=user, context={})[model]
            if records.has_access("read"):
                yield role, records

    def get_foreign(self, model):
        """Return the rows of the other company, as the superuser finds them."""
        domain = Domain("company_id", "=", self.other.id)
        records = self.env[model].sudo().with_company(self.other)
        return records.search(domain)

    def get_fields(self, records):
        return [
            name
            for name, field in records._fields.items()
            if field.type != "binary"
            and records._has_field_access(field, "read")
            and self.is_readable(records, field)
        ]

    def is_readable(self, records, field):
        """Return whether the role may read what ``field`` leads to."""
        if not field.relational:
            return True
        return records.env[field.comodel_name].has_access("read")

    def assertSecretKept(self, answer, **case):
        with self.subTest(**case):
            text = json.dumps(answer, default=self.as_text).lower()
            self.assertNotIn(SECRET, text)
            self.assertNotIn("77777", text)

    def as_text(self, value):
        if isinstance(value, models.BaseModel):
            return value.sudo().mapped("display_name")
        if isinstance(value, (date, datetime)):
            return str(value)
        return repr(value)

    # --- the table: model × way of reading × role

    def test_there_is_something_to_hide_in_each_model(self):
        with self.on(DAY):
            for model in self.get_models():
                with self.subTest(model=model):
                    self.assertTrue(self.get_foreign(model))

    def test_lists_and_their_fields_show_nothing(self):
        with self.on(DAY):
            for model in (*self.get_models(), *CORE_MODELS):
                for role, records in self.get_readers(model):
                    answer = records.search_read([], self.get_fields(records))
                    self.assertSecretKept(answer, model=model, role=role)

    def test_pages_of_the_web_client_show_nothing(self):
        with self.on(DAY):
            for model in self.get_models():
                for role, records in self.get_readers(model):
                    specification = {
                        name: {"fields": {"display_name": {}}}
                        if records._fields[name].relational
                        else {}
                        for name in self.get_fields(records)
                    }
                    answer = records.web_search_read([], specification)
                    self.assertSecretKept(answer, model=model, role=role)

    def test_exports_show_nothing(self):
        with self.on(DAY):
            for model in self.get_models():
                for role, records in self.get_readers(model):
                    user = records.env.user
                    user.sudo().group_ids |= self.env.ref("base.group_allow_export")
                    names = [
                        f"{name}/display_name"
                        if records._fields[name].relational
                        else name
                        for name in self.get_fields(records)
                        # The other name of a row, which a computed one has not
                        if name != "id"
                    ]
                    answer = records.search([]).export_data(names)
                    self.assertSecretKept(answer, model=model, role=role)

    def test_groups_and_totals_show_nothing(self):
        with self.on(DAY):
            for model in self.get_models():
                for role, records in self.get_readers(model):
                    for groupby in self.get_groupable(records):
                        answer = records.formatted_read_group(
                            [], [groupby], self.get_aggregates(records)
                        )
                        case = {"model": model, "role": role, "groupby": groupby}
                        self.assertSecretKept(answer, **case)

    def test_grand_totals_are_those_of_the_own_company(self):
        with self.on(DAY):
            for model in self.get_models():
                own = self.env[model].sudo().with_company(self.company)
                own = own.search([("company_id", "=", self.company.id)])
                for role, records in self.get_readers(model):
                    [answer] = records.formatted_read_group([], [], ["__count"])
                    if model.startswith("payment.followup.sending"):
                        own = own.filtered(
                            lambda r, u=records.env.user: r.create_uid == u
                        )
                    with self.subTest(model=model, role=role):
                        self.assertEqual(answer["__count"], len(own))
                        self.assertEqual(records.search_count([]), len(own))

    def get_groupable(self, records):
        return [
            name
            for name in self.get_fields(records)
            if records._fields[name]._description_groupable(records.env)
            and records._fields[name].type
            in ("many2one", "selection", "boolean", "char")
        ]

    def get_aggregates(self, records):
        sums = [
            f"{name}:{field.aggregator}"
            for name, field in records._fields.items()
            if field.store
            and field.type in NUMBERS
            and field.aggregator
            and name != "id"
        ]
        return ["__count", *sums]

    def test_searches_find_nothing(self):
        with self.on(DAY):
            for model in self.get_models():
                for role, records in self.get_readers(model):
                    for domain in self.get_domains(records):
                        with self.subTest(model=model, role=role, domain=domain):
                            self.assertFalse(records.search(domain))
                    self.assertSecretKept(records.name_search("Zeta"), model=model)

    def get_domains(self, records):
        """Return the domains that reach for the secret, direct and by other records."""
        yield [("company_id", "=", self.other.id)]
        yield [("company_id.name", "ilike", SECRET)]
        for name in self.get_fields(records):
            field = records._fields[name]
            if not field._description_searchable:
                continue
            if field.type in ("char", "text", "html"):
                yield [(name, "ilike", SECRET)]
            elif field.type == "many2one" and "name" in self.env[field.comodel_name]:
                yield [(f"{name}.name", "ilike", SECRET)]

    def test_rows_are_not_read_by_their_number(self):
        with self.on(DAY):
            for model in self.get_models():
                foreign = self.get_foreign(model)
                for role, records in self.get_readers(model):
                    self.env.invalidate_all()
                    try:
                        # What is computed for the chosen companies is not even there
                        answer = records.browse(foreign[:1].id).read(["company_id"])
                    except AccessError:
                        answer = []
                    with self.subTest(model=model, role=role):
                        self.assertFalse(answer)

    def test_choosing_the_other_company_in_the_request_is_refused(self):
        with self.on(DAY):
            for model in self.get_models():
                for role, records in self.get_readers(model):
                    chosen = records.with_context(allowed_company_ids=self.other.ids)
                    with (
                        self.subTest(model=model, role=role),
                        self.assertRaises(AccessError),
                    ):
                        chosen.search_read([], ["company_id"])

    # --- buttons, which use the rights of the machine inside

    def test_buttons_on_foreign_rows_tell_and_do_nothing(self):
        with self.on(DAY):
            before = self.count_other()
            for model in self.get_models():
                foreign = self.get_foreign(model)
                for role, records in self.get_readers(model):
                    for name in self.get_buttons(records):
                        self.press(records.browse(foreign[:1].id), name, role)
            self.assertEqual(self.count_other(), before)

    def get_buttons(self, records):
        """Return the methods without arguments that the web client may call."""
        for name in dir(type(records)):
            method = getattr(type(records), name)
            if not name.startswith("action_") or not callable(method):
                continue
            if name in ("action_archive", "action_unarchive"):
                continue
            if getattr(method, "_api_model", False):
                continue
            parameters = list(inspect.signature(method).parameters.values())[1:]
            if all(p.default is not p.empty for p in parameters):
                yield name

    def press(self, record, name, role):
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                answer = getattr(record, name)()
        except REFUSALS as error:
            answer = str(error) if SECRET in str(error).lower() else ""
        self.assertSecretKept(answer, model=record._name, button=name, role=role)

    def count_other(self):
        """Return what the other company has, and in which state."""
        self.env.flush_all()
        self.env.invalidate_all()
        actions = self.env["payment.followup.action"].sudo()
        domain = [("company_id", "=", self.other.id)]
        return [
            sorted((a.id, a.state, a.error) for a in actions.search(domain)),
            self.other_customer.read(
                ["mode", "next_date", "responsible_id", "failure"]
            ),
        ]

    def test_dialogs_about_the_other_company_tell_nothing(self):
        values = {
            "default_company_id": self.other.id,
            "default_partner_id": self.customer.id,
        }
        with self.on(DAY):
            for model in ("send", "note"):
                for role in ("clerk", "manager"):
                    dialog = self.env(user=self.users[role], context=values)
                    dialog = dialog[f"payment.followup.{model}.wizard"]
                    self.env.invalidate_all()
                    try:
                        answer = dialog.new(dialog.default_get(list(dialog._fields)))
                        answer = answer.read(list(dialog._fields))
                    except REFUSALS:
                        continue
                    self.assertSecretKept(answer, model=model, role=role)

    # --- the customer, in between

    def test_contact_shows_nothing_of_the_other_company(self):
        with self.on(DAY):
            for role, user in self.users.items():
                partner = self.customer.with_user(user)
                names = [n for n in partner._fields if n.startswith("followup")]
                self.env.invalidate_all()
                answer = [partner.read(names), partner.followup_action_ids.read([])]
                self.assertSecretKept(answer, model="res.partner", role=role)

    def test_messages_of_the_own_company_say_nothing_of_the_other(self):
        actions = self.env["payment.followup.action"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(actions)

        for action in actions.sudo():
            mail = action.mail_id
            headers = ["subject", "body_html", "email_from", "reply_to", "email_to"]
            words = [
                action.read(),
                mail.read(headers),
                mail.attachment_ids.mapped("name"),
            ]
            self.assertSecretKept(words, kind=action.kind)

    def test_talk_on_the_thread_of_the_other_company_is_not_found(self):
        for role, user in self.users.items():
            messages = self.env["mail.message"].with_user(user)
            with self.subTest(role=role):
                self.assertFalse(messages.search([("body", "ilike", "Zeta talk")]))
