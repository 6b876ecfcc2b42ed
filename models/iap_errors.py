"""What an error of Odoo's services for SMS and post means: did anything get there?"""

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError


def is_unreached(error):
    """Return whether the service was never reached: nothing can have left.

    :param error: an exception; what caused it is looked at as well
    """
    while error:
        if isinstance(error, (NewConnectionError, ConnectTimeoutError)):
            return True
        reason = getattr(error, "reason", None) or next(iter(error.args), None)
        nested = reason if isinstance(reason, Exception) else None
        error = nested or error.__cause__ or error.__context__
    return False
