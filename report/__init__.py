from . import payment_followup_letter
