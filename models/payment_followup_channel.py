from odoo import api, models, tools

from ..const import CHANNELS


class PaymentFollowupChannel(models.AbstractModel):
    """The contract of a way to reach a customer.

    A channel is a model that inherits this one; nothing else has to know it. It says
    which levels want it (``_is_wanted``), where it would reach a customer
    (``_get_address``), and carries out log rows that were written for it (``_send``).
    """

    _name = "payment.followup.channel"
    _description = "Follow-up Channel"

    # The kind of its log rows.
    _kind = None
    # How it looks on the time line of a plan: a class of Odoo's icon font.
    _icon = "fa-paper-plane-o"
    # Channels in writing stand in for one another, the lowest number first.
    _written_order = None
    # Each message is paid for by an account of ours, which may be missing or empty.
    _is_paid = False

    @api.model
    def _get_channels(self):
        """Return the models of all channels, those in writing first, in their order."""
        return [self.env[name] for name in self._get_names()]

    @api.model
    @tools.ormcache()
    def _get_names(self):
        names = self.pool.descendants([self._name], "_inherit") - {self._name}
        channels = [self.env[name] for name in names if self.env[name]._kind]
        channels.sort(key=lambda c: (c._written_order or 99, c._name))
        return tuple(channel._name for channel in channels)

    @api.model
    def _get_channel(self, kind):
        """Return the model of the channel that carries out log rows of ``kind``."""
        return next(c for c in self._get_channels() if c._kind == kind)

    @api.model
    def _is_wanted(self, level):
        """Return whether ``level`` uses this channel."""
        raise NotImplementedError

    @api.model
    def _describe(self, level):
        """Return what ``level`` does by this channel, as part of a sentence."""
        return dict(CHANNELS)[self._kind]

    @api.model
    def _get_icon(self, level):
        """Return the icon for what ``level`` does by this channel."""
        return self._icon

    @api.model
    def _can_replace(self, company):
        """Return whether this channel may stand in for another one in ``company``."""
        return bool(self._written_order)

    @api.model
    def _find_address(self, reminder):
        """Return where this channel reaches the customer today, '' where it cannot."""
        return "" if self._is_account_out(reminder) else self._get_address(reminder)

    @api.model
    def _explain_missing(self, reminder):
        """Return the remark of a log row on why this channel was not used."""
        if self._is_account_out(reminder):
            return self.env._(
                "%(channel)s: the account is missing or has no credit.",
                channel=self._get_label(),
            )
        return self._get_missing_address_message()

    @api.model
    def _is_account_out(self, reminder):
        """Return whether the account is known to be empty; a person may try it."""
        if not self._is_paid or reminder.is_by_hand:
            return False
        actions = self.env["payment.followup.action"]
        company = reminder.company_id
        return reminder.once(
            ("account", company.id, self._kind),
            lambda: actions._is_account_out(company, self._kind),
        )

    @api.model
    def _get_label(self):
        kinds = self.env["payment.followup.action"]._fields["kind"]
        return dict(kinds._description_selection(self.env))[self._kind]

    @api.model
    def _get_address(self, reminder):
        """Return where this channel would reach the customer, '' where it cannot."""
        raise NotImplementedError

    @api.model
    def _get_missing_address_message(self):
        """Return the remark of a log row when there is no address."""
        raise NotImplementedError

    @api.model
    def _get_initial_state(self):
        """Return the state of a new log row: ``queued``, or ``todo`` for people."""
        return "queued"

    @api.model
    def _send(self, actions):
        """Carry out the log rows ``actions``, all of this channel's kind.

        Queue what a queue can take: everything here commits with the log.
        """
        raise NotImplementedError
