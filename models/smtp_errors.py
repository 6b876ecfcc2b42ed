"""What an error of the mail server means for the message: gone, refused, or later."""

import smtplib
import traceback


def is_temporary(error):
    """Return whether the server may take the same message later.

    :param error: an exception; what caused it is looked at as well
    """
    while error:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _text in error.recipients.values()]
            return all(code < 500 for code in codes)
        if isinstance(error, smtplib.SMTPResponseException):
            return error.smtp_code < 500
        if isinstance(error, OSError):
            return not isinstance(error, smtplib.SMTPNotSupportedError)
        error = error.__cause__ or error.__context__
    return False


def get_reply(error):
    """Return what the server answered, '' where it said nothing.

    :param error: an exception; what caused it is looked at as well
    """
    while error:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return ", ".join(_format_reply(*r) for r in error.recipients.values())
        if isinstance(error, smtplib.SMTPResponseException):
            return _format_reply(error.smtp_code, error.smtp_error)
        error = error.__cause__ or error.__context__
    return ""


def _format_reply(code, text):
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(text.split())}"


def may_have_arrived(error):
    """Return whether the connection broke so late that the message may be through.

    smtplib hands the text over in its method ``data``: before that, nothing left.
    """
    return any(f.name == "data" for f in traceback.extract_tb(error.__traceback__))
