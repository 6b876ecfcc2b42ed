from lxml import html

from odoo import api, models
from odoo.tools import html2plaintext, is_html_empty

# As much of an answer as one line of the history and an activity show.
EXCERPT_LENGTH = 250


class PaymentFollowupCustomer(models.Model):
    """The answers of a customer to reminders: logged, and brought to a colleague."""

    _inherit = "payment.followup.customer"

    def _message_post_after_hook(self, message, msg_values):
        """Log the e-mail by which a customer answers; machines do not answer."""
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and not self._is_from_us(message):
            author = message.author_id
            self._log_reply("email", message.body, author, message.subject, message)
        return result

    @api.model
    def _is_from_us(self, message):
        """Return whether a colleague, or a machine, wrote the e-mail ``message``."""
        if self.env.context.get("payment_followup_auto_reply"):
            return True
        return bool(message.author_id) and not message.author_id.partner_share

    def _log_reply(self, channel, body, author, subject=False, message=None):
        """Write down what the customer answered, and notify the responsible once.

        That no answer comes twice is for the caller to see to.

        :param channel: the kind of the channel by which it came, say ``whatsapp``
        :param body: the words, HTML
        :param author: the ``res.partner`` who answered
        :param subject: of the answer, if it has one
        :param message: the ``mail.message`` on the thread of this customer, if any
        :return: the log row
        """
        self.ensure_one()
        actions = self.env["payment.followup.action"]
        kinds = dict(actions._fields["kind"]._description_selection(self.env))
        remark = self.env._(
            "%(author)s, by %(channel)s: %(words)s",
            author=author.display_name or self.partner_id.display_name,
            channel=kinds[channel],
            words=self._get_reply_excerpt(body),
        )
        action = actions._log(self.company_id, self.partner_id, "reply", remark)
        action._set_content(subject, body)
        if message:
            action.sudo().mail_message_id = message
        self._alert("reply", note=body)
        return action

    @api.model
    def _get_reply_excerpt(self, body):
        """Return the beginning of an answer, without what it quotes, as one line."""
        if is_html_empty(body):
            return ""
        tree = html.fragment_fromstring(body, create_parent="div")
        for quote in tree.xpath("//*[@data-o-mail-quote]"):
            quote.drop_tree()
        text = html2plaintext(html.tostring(tree, encoding="unicode"))
        return " ".join(text.split())[:EXCERPT_LENGTH]
