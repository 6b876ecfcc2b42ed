from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import human_size
from odoo.tools.i18n import format_list

# Mail servers commonly refuse more than 20 MB, and a mail is a third larger than what
# is attached to it.
MAX_SIZE = 14 * 1024 * 1024
MAX_COUNT = 30


class PaymentFollowupChannelEmail(models.AbstractModel):
    """The invoices that go with an e-mail, where the level says so.

    A reminder also leaves without them: what is missing is remarked on its log row.
    """

    _inherit = "payment.followup.channel.email"

    @api.model
    def _get_attachments(self, action):
        """Return the PDFs of the invoices, each made once and kept by Odoo."""
        attachments = self.env["ir.attachment"]
        if not action.level_id.attach_invoices:
            return attachments
        moves = action.line_ids.move_id
        invoices = moves.filtered(lambda move: move.is_sale_document())
        if len(invoices) > MAX_COUNT:
            action._add_remark(self._get_too_many_message(invoices))
            return attachments
        failed = self._make_pdfs(invoices)
        if failed:
            action._add_remark(self._get_failed_message(failed))
        attachments = invoices.invoice_pdf_report_id
        size = sum(attachments.mapped("file_size"))
        if size > MAX_SIZE:
            action._add_remark(self._get_too_large_message(size))
            return attachments.browse()
        return attachments

    @api.model
    def _make_pdfs(self, invoices):
        """Make the PDFs that are missing, together; where that fails, one by one.

        :return: a dict {``account.move``: why its PDF could not be made}
        """
        missing = invoices.filtered(lambda move: not move.invoice_pdf_report_id)
        if not missing:
            return {}
        try:
            with self.env.cr.savepoint():
                self.env["account.move.send"]._generate_and_send_invoices(
                    missing, sending_methods=[], allow_fallback_pdf=False
                )
        # Odoo's word for what is wrong with an invoice, or a server without wkhtmltopdf
        except UserError as error:
            if len(missing) == 1:
                return {missing: str(error)}
        else:
            return {}
        failed = {}
        for invoice in missing:
            failed |= self._make_pdfs(invoice)
        return failed

    @api.model
    def _get_failed_message(self, failed):
        return self.env._(
            "Not attached: %(invoices)s. %(error)s",
            invoices=format_list(self.env, [move.display_name for move in failed]),
            error=next(iter(failed.values())),
        )

    @api.model
    def _get_too_many_message(self, invoices):
        return self.env._(
            "Nothing attached: %(count)s invoices are more than one e-mail can carry.",
            count=len(invoices),
        )

    @api.model
    def _get_too_large_message(self, size):
        return self.env._(
            "Nothing attached: the invoices take %(size)s, more than mail servers "
            "accept.",
            size=human_size(size),
        )
