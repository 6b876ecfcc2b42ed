from . import (
    base_partner_merge,
    payment_followup_assign_wizard,
    payment_followup_forecast,
    payment_followup_forecast_batch,
    payment_followup_level_preview,
    payment_followup_hold_wizard,
    payment_followup_note_wizard,
    payment_followup_plan_wizard,
    payment_followup_send_wizard,
    payment_followup_sending,
    payment_followup_sending_line,
    payment_followup_sending_message,
)
