from odoo import fields, models


class PaymentFollowupForecastBatch(models.TransientModel):
    """What the batch of one day sends at one level, as a user was told.

    A month of a large ledger has tens of thousands of messages, and a few hundred of
    these rows: they are written and forgotten in no time. Their messages are the rows
    of ``payment.followup.forecast``.
    """

    _name = "payment.followup.forecast.batch"
    _description = "Follow-up Forecast of a Day"
    _order = "date, id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        comodel_name="payment.followup.level", readonly=True, ondelete="cascade"
    )
    # [[customer id, amount in company currency], …]
    messages = fields.Json(readonly=True)
