"""Words shared by models, views and reports; see each model for their meaning."""

# The reasons in the order in which they are tried: the first that applies is shown.
# ``payment.followup.statement`` decides them in SQL.
REASONS = [
    ("disabled", "Follow-up is switched off"),
    ("excluded", "Excluded from reminders"),
    ("covered", "To reconcile"),
    ("paused", "Paused"),
    ("below_minimum", "Below the minimum"),
    ("delivery_failed", "Delivery failed"),
    ("no_address", "No address"),
    ("interval", "Reminded recently"),
    ("due", "Reminder due"),
    ("waiting", "Waiting for the next level"),
    ("promised", "Promised"),
    ("plan_done", "All levels done"),
    ("litigation", "In litigation"),
    ("not_due", "Not due yet"),
]

# Reasons that hold a reminder back although its claims are not due for follow-up.
HELD_REASONS = ["promised", "litigation"]

# Reasons under which nobody is asked for money, not even by hand: on balance the
# customer owes nothing, or too little.
UNCHASED_REASONS = ["covered", "below_minimum"]

# Reasons that wait for a person today, as long as they last. The filter "To do today"
# of the work list has others on their day: see ``payment_followup_decision_todo.py``.
TODO_REASONS = ["due", "delivery_failed", "no_address"]

# One open item: why it is, or is not, in today's reminder.
ITEM_REASONS = [
    ("outside", "Outside the plan"),
    ("credit", "Deducted"),
    ("litigation", "In litigation"),
    ("promised", "Promised"),
    ("due", "Level due"),
    ("waiting", "Waiting for the next level"),
    ("plan_done", "All levels done"),
    ("not_due", "Not due yet"),
]

# Where an open item belongs in the receivable balance: each in exactly one part.
PARTS = [
    ("not_due", "Not due"),
    ("followed", "Being followed up"),
    ("hold", "On hold"),
    ("outside", "Outside the plan"),
]

# Kinds of log rows: the channels, and what else happens.
CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("letter", "Printed letter"),
    ("post", "Post"),
    ("activity", "Manual action"),
]
CHANNEL_KINDS = [kind for kind, _label in CHANNELS]
KINDS = [
    *CHANNELS,
    ("reply", "Answer of the customer"),
    ("call", "Call"),
    ("note", "Note"),
    ("promise", "Promise"),
    ("promise_broken", "Broken promise"),
    ("litigation", "Litigation"),
    ("error", "Error"),
]

# Somebody was in touch with the customer: what counts as the last contact.
CONTACT_KINDS = [*CHANNEL_KINDS, "reply", "call", "promise"]
# Somebody dealt with the customer, be it by a decision alone: nobody need ask yet.
HANDLED_KINDS = [*CONTACT_KINDS, "note"]

# States in which a message or call has not reached the customer, yet or at all.
UNREACHED_STATES = ("todo", "failed", "cancelled")

STATES = [
    ("todo", "To do"),
    ("queued", "On its way"),
    ("sent", "Sent"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]

# Where a customer stands in a sending: before it, and after.
SENDING_STATES = [
    ("ready", "Ready to send"),
    ("manual", "By hand: tick to send"),
    ("failed", "Failed"),
    ("dropped", "No longer due"),
    ("sent", "Sent"),
    ("held", "Not sent"),
]

# Days overdue at which each ageing bucket ends (the last one is open).
BUCKETS = [
    ("amount_not_due", 0),
    ("amount_1_30", 30),
    ("amount_31_60", 60),
    ("amount_61_90", 90),
    ("amount_91_120", 120),
    ("amount_over_120", None),
]

# Users who may read what the add-on adds to invoices and contacts.
READER_GROUPS = "account.group_account_invoice,account.group_account_readonly"
