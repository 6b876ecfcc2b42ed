from odoo import Command, api, models
from odoo.tools import SQL, formataddr

# What is in each link that names no server: in an attribute, or in a style.
LOCAL_LINKS = ('="/', "url(")


class PaymentFollowupChannelEmail(models.AbstractModel):
    """E-mail through Odoo's mail queue, on the thread of the customer."""

    _name = "payment.followup.channel.email"
    _description = "Follow-up by E-mail"
    _inherit = ["payment.followup.channel"]

    _kind = "email"
    _icon = "fa-envelope-o"
    _written_order = 1

    @api.model
    def _is_wanted(self, level):
        return level.send_email

    @api.model
    def _describe(self, level):
        return self.env._("e-mail")

    @api.model
    def _get_address(self, reminder):
        contacts = reminder.recipient_id | reminder.partner_id
        return next(filter(None, contacts.mapped("email_normalized")), "")

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No valid e-mail address.")

    @api.model
    def _send(self, actions):
        accepted = actions - self._refuse_blacklisted(actions)
        for template, group in accepted.grouped(self._get_template).items():
            self._queue(group, template)
        # The queue runs every hour by itself; a reminder leaves as soon as it commits
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _get_template(self, action):
        """Return the words of ``action``: of its level, or of what it confirms."""
        name = (
            "mail_template_promise" if action.promise_date else "mail_template_reminder"
        )
        return action.level_id.mail_template_id or self.env.ref(
            f"account_payment_followup.{name}"
        )

    @api.model
    def _refuse_blacklisted(self, actions):
        """Fail those of ``actions`` whose address wants no mail; return them."""
        blacklist = self.env["mail.blacklist"].sudo()
        refused = blacklist.search([("email", "in", actions.mapped("address"))])
        addresses = set(refused.mapped("email"))
        blacklisted = actions.filtered(lambda action: action.address in addresses)
        for action in blacklisted:
            action._set_failed(
                self.env._("%(address)s is blacklisted.", address=action.address)
            )
        return blacklisted

    @api.model
    def _queue(self, actions, template):
        """Put ``actions`` into words in one go and into the mail queue."""
        template = template.sudo()
        words = self._render_words(template, actions)
        mails = self.env["mail.mail"].sudo()
        mails = mails.create(
            [self._prepare_mail_vals(action, *words[action.id]) for action in actions]
        )
        self._link(actions, mails)

    @api.model
    def _preview(self, action):
        """Return subject and message of ``action``, which need not be saved."""
        template = self._get_template(action).sudo()
        [words] = self._render_words(template, action).values()
        return words

    @api.model
    def _render_words(self, template, actions):
        """Return subject and message (HTML) of each of ``actions``, {id: the two}.

        As ``_render_field`` does, but the template is compiled once, not once for each
        customer.
        """
        words = {}
        # Also the ids of records that are not saved: a preview has such
        all_ids = list(actions._ids)
        for translated, ids in template._classify_per_lang(all_ids).values():
            render = self.env["payment.followup.qweb"]._get_renderer(translated)
            rows = translated.env[actions._name].browse(ids)
            bodies = self._complete_links(
                translated, {row.id: render({"object": row}) for row in rows}
            )
            subjects = translated._render_field("subject", ids)
            words |= {id_: (subjects[id_], bodies[id_]) for id_ in ids}
        return words

    @api.model
    def _complete_links(self, template, bodies):
        """Turn links within this server into full ones, as ``_render_field`` does.

        Only where there may be some: looking for them takes longer than the words.
        """
        local = {
            id_: body
            for id_, body in bodies.items()
            if any(mark in body for mark in LOCAL_LINKS)
        }
        return bodies | template._render_template_postprocess(template.model, local)

    @api.model
    def _link(self, actions, mails):
        """Join log rows and mails, and keep the words on both and on the thread.

        The words are copied inside the database. They need no cleaning again: the texts
        of people were cleaned when they were entered, and all else is escaped.
        """
        mails.flush_model()
        actions.flush_model()
        for query in self._query_link(actions, mails):
            self.env.cr.execute(query)
        mails.mail_message_id.invalidate_recordset(["body"], flush=False)
        actions.invalidate_recordset(
            ["mail_id", "mail_message_id", "subject", "body"], flush=False
        )

    @api.model
    def _query_link(self, actions, mails):
        yield SQL(
            """
            UPDATE mail_message message
               SET body = mail.body_html
              FROM mail_mail mail
             WHERE mail.id = ANY(%(mail_ids)s)
               AND message.id = mail.mail_message_id
            """,
            mail_ids=mails.ids,
        )
        yield SQL(
            """
            UPDATE payment_followup_action action
               SET mail_id = mail.id,
                   mail_message_id = message.id,
                   subject = message.subject,
                   body = mail.body_html
              FROM UNNEST(%(action_ids)s, %(mail_ids)s) AS pair (action_id, mail_id)
              JOIN mail_mail mail
                ON mail.id = pair.mail_id
              JOIN mail_message message
                ON message.id = mail.mail_message_id
             WHERE action.id = pair.action_id
            """,
            action_ids=actions.ids,
            mail_ids=mails.ids,
        )

    @api.model
    def _prepare_mail_vals(self, action, subject, body):
        company = action.company_id
        sender = company.email_formatted or self.env.user.email_formatted
        vals = {
            "subject": subject,
            "body_html": body,
            "email_from": sender,
            "reply_to": self._get_reply_to(action) or sender,
            "email_to": formataddr((action.recipient_id.name, action.address)),
            "model": action.customer_id._name,
            "res_id": action.customer_id.id,
            "message_type": "email_outgoing",
            "author_id": company.partner_id.id,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            # The message stays on the thread once the mail itself is gone
            "is_notification": True,
            "auto_delete": True,
        }
        attachments = self._get_attachments(action)
        # An empty list would be written and read for each mail all the same
        return vals | (
            {"attachment_ids": [Command.set(attachments.ids)]} if attachments else {}
        )

    @api.model
    def _get_reply_to(self, action):
        """Return the address at which an answer finds the thread of the customer."""
        company = action.company_id
        catchall = company.alias_domain_id.catchall_email
        return formataddr((company.name, catchall)) if catchall else ""
