import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

TOKEN = "EAAtestTOKENsecret0123456789"
PHONE_ID = "106540352242922"


def make_error(code, message, details=None, status=400, subcode=None):
    """Return an answer of Graph's error form: (status, body, headers)."""
    error = {
        "message": f"(#{code}) {message}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "AbCdEf",
    }
    if subcode:
        error["error_subcode"] = subcode
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return status, {"error": error}, {}


RATE_LIMIT = make_error(130429, "Rate limit hit", "Too many messages.", 429)
PAIR_LIMIT = make_error(131056, "Pair rate limit hit", "Too many to this number.")
OUTAGE = make_error(131016, "Service unavailable", "Try again later.", 503)
UNDELIVERABLE = make_error(131026, "Message undeliverable", "Not on WhatsApp.")
WINDOW_CLOSED = make_error(131047, "Re-engagement message", "More than 24 hours.")
PAUSED = make_error(132015, "Template is paused", "Template is paused.")
GATEWAY = 502, "<html>Bad Gateway</html>", {}
BUSY = 503, "<html>Service Unavailable</html>", {"Retry-After": "3600"}
# Takes the message, then the connection breaks before an answer
TAKE_AND_DROP = "drop"
# Takes the message, then says nothing for as long as the client waits
TAKE_AND_HANG = "hang"


class WhatsappServer(ThreadingHTTPServer):
    """Meta's Cloud API on this machine, as documented, for one phone number.

    ``answers`` are given to the next requests, one each, in the place of the real work.
    ``taken`` holds the messages that would have reached somebody.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.token = TOKEN
        # {name: {language: number of its variables}}
        self.templates = {"payment_reminder": {"en": 3, "es": 3, "ar": 3}}
        self.answers = []
        self.requests = []
        self.taken = []
        # Called with each message before it is answered
        self.on_message = None
        self.released = Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/v23.0"

    def take(self, message):
        """Check a message as Meta does; return the answer."""
        template = message["template"]
        languages = self.templates.get(template["name"], {})
        count = languages.get(template["language"]["code"])
        if count is None:
            return make_error(
                132001, "Template name does not exist in the translation", status=404
            )
        components = template.get("components") or [{"parameters": []}]
        texts = [parameter["text"] for parameter in components[0]["parameters"]]
        if len(texts) != count:
            return make_error(
                132000,
                "Number of parameters does not match the expected number of params",
            )
        if any(not text or "\n" in text or "    " in text for text in texts):
            return make_error(100, "Invalid parameter", "Param text is not allowed.")
        self.taken.append(message)
        uid = f"wamid.{len(self.taken)}"
        number = message["to"].lstrip("+")
        return (
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": message["to"], "wa_id": number}],
                "messages": [{"id": uid, "message_status": "accepted"}],
            },
            {},
        )


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(("GET", self.path))
        self._reply(
            self._refuse()
            or (
                200,
                {
                    "verified_name": "Lucky Shrub",
                    "display_phone_number": "+1 631-555-5555",
                    "quality_rating": "GREEN",
                    "id": PHONE_ID,
                },
                {},
            )
        )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = json.loads(body)
        self.server.requests.append(("POST", self.path))
        if self.server.on_message:
            self.server.on_message(message)
        answer = self.server.answers.pop(0) if self.server.answers else None
        if answer in (TAKE_AND_DROP, TAKE_AND_HANG):
            self.server.taken.append(message)
            if answer == TAKE_AND_HANG:
                self.server.released.wait(10)
            self.close_connection = True
            return
        self._reply(self._refuse() or answer or self.server.take(message))

    def _refuse(self):
        """Return the refusal of a wrong token or number, None for the right ones."""
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != self.server.token:
            message = f"Malformed access token {given}"
            return make_error(190, message, status=401)
        if self.path.split("?")[0].split("/")[2] != PHONE_ID:
            return make_error(100, "Unsupported request", subcode=33)
        return None

    def _reply(self, answer):
        status, body, headers = answer
        raw = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw.encode())

    def log_message(self, *args):
        """Stay quiet: the tests look at ``requests``."""


@contextmanager
def run_whatsapp_server():
    """Run the server while the block runs; yield it."""
    server = WhatsappServer()
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
