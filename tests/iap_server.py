import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.iap.tools import iap_tools

# Ways to fail: an HTTP error, an error in JSON-RPC's form, no answer at all.
HTTP_ERROR = "http"
RPC_ERROR = "rpc"
HANG = "hang"


class IapServer(ThreadingHTTPServer):
    """Odoo's in-app purchase services on this machine: SMS, post and their credits.

    What they were sent is in ``requests``, pairs of path and parameters.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.fault = None
        # {number: state of its SMS}; "success" for the others
        self.sms_states = {}
        # {name of the recipient: error of the letter}; none: posted
        self.letter_errors = {}
        self.balance = 12.0
        self.registered = "registered"
        self.released = Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer_sms(self, params):
        return [
            {
                "uuid": number["uuid"],
                "state": self.sms_states.get(number["number"], "success"),
                "credit": 1,
            }
            for message in params["messages"]
            for number in message["numbers"]
        ]

    def answer_letters(self, params):
        return {
            "request_code": 200,
            "total_cost": len(params["documents"]),
            "credit_error": "CREDIT_ERROR" in self.letter_errors.values(),
            "request": {
                "documents": [self.answer_letter(d) for d in params["documents"]],
                "options": params["options"],
            },
        }

    def answer_letter(self, document):
        error = self.letter_errors.get(document["address"]["name"])
        answer = {"letter_id": document["letter_id"]}
        if error:
            return answer | {"sent": False, "error": error}
        return answer | {"sent": True, "send_id": 4711}

    def answer_accounts(self, params):
        return {
            account["token"]: {
                "balance": self.balance,
                "warning_threshold": 0,
                "registered": self.registered,
            }
            for account in params["iap_accounts"]
        }


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append((self.path, call["params"]))
        if server.fault == HANG:
            server.released.wait(10)
            self.close_connection = True
            return
        if server.fault == HTTP_ERROR:
            self.send_error(500)
            return
        answer = {"jsonrpc": "2.0", "id": call["id"]}
        if server.fault == RPC_ERROR:
            data = {"name": "odoo.exceptions.Broken", "message": "Broken"}
            answer["error"] = {"code": 200, "message": "Odoo Error", "data": data}
        else:
            answer["result"] = {
                "/api/sms/3/send": server.answer_sms,
                "/iap/snailmail/1/print": server.answer_letters,
                "/iap/1/get-accounts-information": server.answer_accounts,
            }[self.path](call["params"])
        raw = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        """Stay quiet: the tests look at ``requests``."""


@contextmanager
def run_iap_server(env):
    """Let Odoo's own clients of SMS and post reach a server on this machine."""
    server = IapServer()
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    for name in ("sms.endpoint", "snailmail.endpoint", "iap.endpoint"):
        env["ir.config_parameter"].set_param(name, server.address)
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


@contextmanager
def real_iap_client():
    """Let the client of the services work: Odoo switches it off in tests."""
    outside = SimpleNamespace(module=SimpleNamespace(current_test=False))
    with patch.object(iap_tools, "modules", outside):
        yield
