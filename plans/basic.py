from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

BASIC = {
    "basic_1": {
        "delay": 3,
        "name": _lt("Payment reminder"),
        "note": _lt(
            "<p>In the rush of daily business an invoice is easily overlooked. "
            "According to our records, the amount below has been due for a few "
            "days.</p>"
            "<p>Could you please arrange the payment, or let us know if there is "
            "anything we should clear up? If you have paid in the meantime, please "
            "disregard this message, with our thanks.</p>"
        ),
    },
    "basic_2": {
        "delay": 7,
        "name": _lt("Second payment reminder"),
        "note": _lt(
            "<p>We wrote to you a few days ago about the amount below, and we have "
            "not yet seen a payment.</p>"
            "<p>Please pay it within the next few days. If something keeps you from "
            "paying, call us or reply to this message: together we will find a "
            "solution.</p>"
        ),
    },
    "basic_3": {
        "delay": 15,
        "name": _lt("Final payment reminder"),
        "note": _lt(
            "<p>Despite our earlier reminders, the amount below is still "
            "outstanding.</p>"
            "<p>We ask you to settle it within seven days of this message. After that "
            "we may have to hold deliveries and consider further steps, which we would "
            "much rather avoid. If you cannot pay the full amount now, please contact "
            "us today.</p>"
        ),
    },
}
