import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

DEFAULT_ADDRESS = "https://graph.facebook.com/v23.0"
CONNECT_TIMEOUT = 10
READ_TIMEOUT = 30

# Meta's error codes by what they mean for us; any other refuses this one message.
# The account itself: every message would be refused in the same way.
ACCOUNT_CODES = frozenset(
    {0, 3, 10, 33, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010}
    | set(range(200, 300))
)
# Too much, too fast, over the number as a whole.
RATE_CODES = frozenset({4, 80007, 130429, 131048, 133016})
# Too much, too fast, to this one recipient.
PAIR_CODES = frozenset({131056})
# Trouble on Meta's side: the message was not taken.
OUTAGE_CODES = frozenset({1, 2, 131000, 131016, 131057, 133004})
# The template does not exist in that language.
LANGUAGE_CODES = frozenset({100, 132001})
# "Object with this id does not exist", as a subcode of 100.
UNKNOWN_OBJECT = 33
# Failures before a connection stands.
NO_CONNECTION = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
)


class WhatsappError(Exception):
    """Why a message was not sent, or why nobody knows whether it was.

    It carries words and numbers only, never the request: that one has the token.

    :param kind: ``account``, ``rate``, ``pair``, ``outage`` (each: not sent, later),
        ``refused`` (not sent, give up), ``uncertain`` (it may have arrived)
    :param code: Meta's error code, None where Meta gave none
    :param retry_after: seconds to wait, None where nobody said
    """

    def __init__(self, kind, text, code=None, retry_after=None):
        super().__init__(text)
        self.kind = kind
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True)
class Template:
    """An approved template and what goes into it.

    ``parameters`` are pairs (name, text) in the order of the template's variables.
    """

    name: str
    language: str
    parameters: tuple
    is_named: bool = False

    def prepare(self):
        """Return the template as Meta wants it, a dict."""
        template = {"name": self.name, "language": {"code": self.language}}
        if self.parameters:
            template["components"] = [
                {
                    "type": "body",
                    "parameters": [
                        self._prepare_parameter(name, text)
                        for name, text in self.parameters
                    ],
                }
            ]
        return template

    def _prepare_parameter(self, name, text):
        parameter = {"type": "text", "text": text}
        return parameter | ({"parameter_name": name} if self.is_named else {})


class Bearer(requests.auth.AuthBase):
    """The token as a header of the request: never part of an address."""

    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class WhatsappApi:
    """Meta's Cloud API for one phone number. Knows nothing of Odoo.

    Documented at developers.facebook.com/documentation/business-messaging/whatsapp.
    """

    def __init__(self, address, phone_id, token):
        self._address = address.rstrip("/")
        self._phone_id = phone_id
        self._token = token

    def send(self, number, template, reference):
        """Send one message; return Meta's id of it.

        :param number: of the recipient, E.164
        :param template: a :class:`Template`
        :param reference: our own id, which Meta's reports give back
        :raise WhatsappError: always with the reason in ``kind``
        """
        answer = self._request(
            "POST",
            f"/{self._phone_id}/messages",
            json={
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": number,
                "type": "template",
                "template": template.prepare(),
                "biz_opaque_callback_data": reference,
            },
        )
        try:
            return answer["messages"][0]["id"]
        except (KeyError, IndexError, TypeError):
            raise WhatsappError("uncertain", "No id in the answer.") from None

    def get_number(self):
        """Return what Meta knows of the phone number, a dict of strings."""
        fields = "verified_name,display_phone_number,quality_rating"
        return self._request("GET", f"/{self._phone_id}", params={"fields": fields})

    def _request(self, method, path, **kwargs):
        try:
            response = requests.request(
                method,
                self._address + path,
                auth=Bearer(self._token),
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                # Whoever else is named there is not to see the token
                allow_redirects=False,
                **kwargs,
            )
        except requests.RequestException as error:
            kind = "outage" if never_left(error) else "uncertain"
            # The cause has the request, and with it the token
            raise WhatsappError(kind, type(error).__name__) from None
        return self._read(response)

    def _read(self, response):
        """Return the answer, or raise what it refuses."""
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            answer = None
        error = answer.get("error") if isinstance(answer, dict) else None
        if isinstance(error, dict):
            raise self._make_error(response, error)
        if response.ok and isinstance(answer, dict):
            return answer
        raise WhatsappError(
            self._get_kind_of_status(response.status_code),
            f"HTTP {response.status_code}",
            retry_after=get_retry_after(response),
        )

    def _make_error(self, response, error):
        code = error.get("code")
        details = (error.get("error_data") or {}).get("details")
        text = details or error.get("message") or ""
        if f"#{code}" not in text:
            text = f"{text} ({code})"
        return WhatsappError(
            self._get_kind(response.status_code, code, error.get("error_subcode")),
            # Meta quotes a malformed token in full
            text.replace(self._token, "…").strip(),
            code=code,
            retry_after=get_retry_after(response),
        )

    def _get_kind(self, status, code, subcode):
        if code in ACCOUNT_CODES or subcode == UNKNOWN_OBJECT or status == 401:
            return "account"
        if code in PAIR_CODES:
            return "pair"
        if code in RATE_CODES or status == 429:
            return "rate"
        if code in OUTAGE_CODES or status >= 500:
            return "outage"
        return "refused"

    def _get_kind_of_status(self, status):
        """Return what an answer without Meta's own words means.

        Something on the way answered. 429 and 503 refuse the request before it is
        worked on; after any other 5xx nobody knows.
        """
        return {401: "account", 403: "account", 429: "rate", 503: "outage"}.get(
            status, "uncertain" if status >= 500 or status < 400 else "refused"
        )


def never_left(error):
    """Return whether the request that failed so cannot have reached anybody."""
    if isinstance(error, NO_CONNECTION):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    causes = getattr(reason, "args", ())
    return any(isinstance(c, ssl.SSLCertVerificationError) for c in causes)


def get_retry_after(response):
    """Return the seconds that the answer asks us to wait, None where it does not."""
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isdecimal() else None


def is_safe_address(address):
    """Return whether the token may be sent there: by TLS, or to this machine."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and is_loopback(parts.hostname)


def is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
