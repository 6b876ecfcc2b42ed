import email
import socket
from contextlib import contextmanager
from email.policy import default
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.addons.base.models.ir_mail_server import IrMail_Server


def find_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Inbox:
    """A mail server on this machine that keeps what it receives.

    ``refusals`` has its answers to recipients it does not take, {address: "550 …"};
    ``is_dying`` lets it break the connection once it has taken a message.
    """

    def __init__(self):
        self.messages = []
        self.refusals = {}
        self.is_dying = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=default)
        self.messages.append((envelope.rcpt_tos, message))
        if self.is_dying:
            server.transport.abort()
        return "250 OK"


@contextmanager
def receive_mail(env):
    """Let Odoo really send its mail, to a server on loopback; yield its inbox."""
    inbox = Inbox()
    port = find_free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with send_mail(env, port):
            yield inbox
    finally:
        controller.stop()


@contextmanager
def send_mail(env, port=None):
    """Let Odoo really send its mail to a port of this machine; None: nobody listens."""
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Loopback",
            "smtp_host": "127.0.0.1",
            "smtp_port": port or find_free_port(),
        }
    )
    with patch.object(IrMail_Server, "_disable_send", lambda self: False):
        yield
