from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.iap.tools import iap_tools
from odoo.addons.sms.tools.sms_api import SmsApi


@contextmanager
def receive_sms(state="success"):
    """Take what the SMS queue hands over, instead of Odoo's service; yield the outbox.

    :param state: what the service answers for each number, the exception it raises, or
        what to tell the numbers that it takes
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
        answer = "success" if callable(state) else state
        if callable(state):
            state(*(number["number"] for number, _content in numbers))
        return [{"uuid": number["uuid"], "state": answer} for number, _text in numbers]

    with patch.object(SmsApi, "_send_sms_batch", send):
        yield outbox


@contextmanager
def receive_post(error=None):
    """Take what the Snailmail queue hands over, instead of Odoo's service.

    :param error: the code by which the service refuses each letter, an exception, or
        what to tell the ids of the letters that it takes
    """
    outbox = []

    def print_letters(url, params=None, **_options):
        if isinstance(error, Exception):
            raise error
        is_taken = not error or callable(error)
        answer = {"sent": True, "send_id": 1} if is_taken else {"error": error}
        documents = [document | answer for document in params["documents"]]
        outbox.extend(documents if is_taken else [])
        if callable(error):
            error(*(document["letter_id"] for document in documents))
        return {"request_code": 200, "request": {"documents": documents}}

    with patch.object(iap_tools, "iap_jsonrpc", print_letters):
        yield outbox
