from odoo.tools.translate import LazyTranslate

from .phrases import CALL_TASK, DUE_NOW, DUE_SOON

_lt = LazyTranslate(__name__)

SIX_STEPS = {
    "six_steps_1": DUE_SOON | {"delay": -7, "attach_invoices": True},
    "six_steps_2": DUE_NOW | {"delay": 0},
    "six_steps_3": {
        "delay": 7,
        "repeat_days": 7,
        "send_sms": True,
        "name": _lt("A reminder of your payment"),
        "note": _lt(
            "<p>The due date of the amount below has passed, and we have not yet seen "
            "your payment. Perhaps it has simply escaped your attention.</p>"
            "<p>Could you please pay it this week? If something about an invoice is "
            "not right, tell us and we will look into it at once. If your payment has "
            "crossed with this message, please accept our thanks.</p>"
        ),
    },
    "six_steps_4": {
        "delay": 30,
        "send_email": False,
        "create_activity": True,
        "confirm_promise": True,
        "name": _lt("When can we expect your payment?"),
        "activity_summary": _lt("Call and agree on a payment date"),
        "activity_note": CALL_TASK,
        # For the e-mail that confirms what was said on the phone
        "note": _lt(
            "<p>We would like to agree with you on a date for the payment of the "
            "amount below. If we have already spoken: thank you, and please take this "
            "message as confirmation of what we agreed.</p>"
            "<p>If not, please reply with the day on which you will pay, or tell us "
            "what is keeping you from paying, so that we can find a solution "
            "together.</p>"
        ),
    },
    "six_steps_5": {
        "delay": 60,
        "attach_invoices": True,
        "name": _lt("Overdue account: please act now"),
        "sms_template_id": "account_payment_followup.sms_template_firm",
        "note": _lt(
            "<p>In spite of our earlier messages, the amount below is still "
            "outstanding. We must now ask you to pay it within seven days of this "
            "message.</p>"
            "<p>If we receive neither your payment nor a reply by then, we will have "
            "to suspend deliveries on account and may charge interest and costs as "
            "the law provides. We would much rather avoid this: if you cannot pay the "
            "whole amount, please call us and propose instalments.</p>"
        ),
    },
    "six_steps_6": {
        "delay": 90,
        "print_letter": True,
        "create_activity": True,
        "name": _lt("Last notice before collection"),
        "sms_template_id": "account_payment_followup.sms_template_firm",
        "activity_type_id": "mail.mail_activity_data_todo",
        "activity_summary": _lt("Decide whether to hand over to collection"),
        "activity_note": _lt(
            "The plan ends here. Look through the history, try to reach the person who "
            "decides, and settle with your manager what comes next: instalments, a "
            "collection agency, a lawyer, or writing it off."
        ),
        "note": _lt(
            "<p>The amount below is long overdue, and our messages have not led to a "
            "payment or an agreement.</p>"
            "<p>This is our last notice. Unless the full amount reaches us within "
            "seven days of this message, we will pass the matter on for collection, "
            "and the costs may be charged to you. A call or a proposal for payment is "
            "still enough to prevent this; we would be glad to hear from you.</p>"
        ),
    },
}
