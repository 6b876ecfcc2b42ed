import hashlib
import hmac
import json
import logging

from odoo import SUPERUSER_ID, http
from odoo.http import request

_logger = logging.getLogger(__name__)

# Bytes of a report: Meta's own limit is 3 MB.
MAX_LENGTH = 4 * 1024 * 1024


class WhatsappController(http.Controller):
    """The address at which Meta reports deliveries and answers, one per company."""

    @http.route(
        "/payment_followup/whatsapp/<int(max=2147483647):company_id>",
        type="http",
        auth="public",
        methods=["GET"],
        csrf=False,
        save_session=False,
    )
    def verify(self, company_id, **params):
        """Prove to Meta that the address is ours: give back its challenge."""
        token = self._get_setting(company_id, "verify_token")
        given = params.get("hub.verify_token", "")
        if params.get("hub.mode") != "subscribe" or not self._is_equal(token, given):
            return self._refuse()
        return request.make_response(
            params.get("hub.challenge", ""), [("Content-Type", "text/plain")]
        )

    @http.route(
        "/payment_followup/whatsapp/<int(max=2147483647):company_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def report(self, company_id, **params):
        """Take in a report that Meta signed with the app secret."""
        if (request.httprequest.content_length or 0) > MAX_LENGTH:
            return request.make_response("", status=413)
        body = request.httprequest.get_data()
        secret = self._get_setting(company_id, "secret")
        given = request.httprequest.headers.get("X-Hub-Signature-256", "")
        if not secret or not self._is_equal(self._sign(secret, body), given):
            return self._refuse()
        try:
            report = json.loads(body)
        except ValueError:
            return request.make_response("", status=400)
        env = request.env(user=SUPERUSER_ID)
        company = env["res.company"].browse(company_id)
        messages = env["payment.followup.whatsapp"].with_company(company)
        messages._process_report(company, report)
        return request.make_response("", status=200)

    def _get_setting(self, company_id, name):
        company = request.env["res.company"].sudo().browse(company_id).exists()
        return company[f"payment_followup_whatsapp_{name}"] or ""

    def _sign(self, secret, body):
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return f"sha256={digest}"

    def _is_equal(self, expected, given):
        """Compare in constant time; nothing is equal to nothing."""
        return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())

    def _refuse(self):
        _logger.warning("WhatsApp webhook: refused, wrong token or signature")
        return request.make_response("", status=403)
