from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.iap.tools import iap_tools
from odoo.addons.sms.tools.sms_api import SmsApi


@contextmanager
def receive_sms(state="success"):
    """Take what the SMS queue hands over, instead of Odoo's service; yield the outbox.

    :param state: what the service answers for each number, or the exception it raises
    """
    outbox = []

    def send(_self, messages, delivery_reports_url=False):
        if isinstance(state, Exception):
            raise state
        numbers = [
            (number, message["content"])
            for message in messages
            for number in message["numbers"]
        ]
        outbox.extend((number["number"], content) for number, content in numbers)
        return [{"uuid": number["uuid"], "state": state} for number, _text in numbers]

    with patch.object(SmsApi, "_send_sms_batch", send):
        yield outbox


@contextmanager
def receive_post(error=None):
    """Take what the Snailmail queue hands over, instead of Odoo's service.

    :param error: the code by which the service refuses each letter, or an exception
    """
    outbox = []

    def print_letters(url, params=None, **_options):
        if isinstance(error, Exception):
            raise error
        documents = [
            document | ({"error": error} if error else {"sent": True, "send_id": 1})
            for document in params["documents"]
        ]
        outbox.extend([] if error else documents)
        return {"request_code": 200, "request": {"documents": documents}}

    with patch.object(iap_tools, "iap_jsonrpc", print_letters):
        yield outbox
