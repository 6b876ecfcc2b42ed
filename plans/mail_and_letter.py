from odoo.tools.translate import LazyTranslate

from .phrases import CALL_TASK, DUE_NOW, DUE_SOON

_lt = LazyTranslate(__name__)

MAIL_AND_LETTER = {
    "mail_and_letter_1": DUE_SOON | {"delay": -3},
    "mail_and_letter_2": DUE_NOW | {"delay": 0, "print_letter": True},
    "mail_and_letter_3": {
        "delay": 15,
        "create_activity": True,
        "name": _lt("Your account is overdue"),
        "activity_summary": _lt("Call about the open invoices"),
        "activity_note": CALL_TASK,
        "note": _lt(
            "<p>We wrote to you about the amount below, which is now overdue, and "
            "have not yet seen your payment.</p>"
            "<p>Please pay it in the next few days, or tell us on which day you will. "
            "A colleague will also call you, to clear up whatever stands in the way. "
            "If you have just paid, thank you: nothing more is needed.</p>"
        ),
    },
    "mail_and_letter_4": {
        "delay": 60,
        "print_letter": True,
        "name": _lt("Final request for payment"),
        "sms_template_id": "account_payment_followup.sms_template_firm",
        "note": _lt(
            "<p>The amount below has been overdue for a long time, although we have "
            "written to you and tried to reach you by phone.</p>"
            "<p>Please pay the full amount within ten days of this message. Otherwise "
            "we will have to stop deliveries on account and hand the matter over for "
            "collection, at additional cost. If you need more time, speak to us before "
            "that: we are open to a fair arrangement.</p>"
        ),
    },
}
