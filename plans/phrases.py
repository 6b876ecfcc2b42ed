"""Words that more than one plan uses.

They hold whatever the list below them shows: a message also lists what else is overdue,
and leaves a day or two later where the batch rests.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DUE_SOON = {
    "name": _lt("Your next payment"),
    "note": _lt(
        "<p>Thank you for your business. To help you plan, here is what is "
        "outstanding on your account, and the day on which each amount falls due.</p>"
        "<p>A bank transfer is the easiest way to pay; with the invoice number as the "
        "reference, we can credit it at once. If you have a question about an "
        "invoice, just reply to this message. If your payment is already on its way: "
        "thank you.</p>"
    ),
    "sms_template_id": "account_payment_followup.sms_template_before_due",
}

DUE_NOW = {
    "name": _lt("Your payment is due"),
    "note": _lt(
        "<p>This is a short and friendly note: the amount below has reached its due "
        "date.</p>"
        "<p>Please arrange the transfer in the next few days, with the invoice number "
        "as the reference. If you have already paid, please disregard this message, "
        "with our thanks.</p>"
    ),
    "sms_template_id": "account_payment_followup.sms_template_before_due",
}

CALL_TASK = _lt(
    "Ask whether the invoices arrived and are in order, and on which day the payment "
    "will come. Enter that day in the customer's statement, and confirm it by e-mail "
    "from there. If an invoice is disputed, exclude it and note why."
)
