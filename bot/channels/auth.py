"""Who may speak on a Bot Framework channel. Without credentials: only this machine, as the demo.

Tokens of channels are checked here once credentials are set.
"""

from yarl import URL

from bot.web import BadRequest, is_loopback


def check_service_url(url: str) -> None:
    """Refuses to be sent anywhere but to this machine: the demo replies to whoever speaks.

    Raises:
        BadRequest: the address is not http or https on a loopback address.
    """
    try:
        parsed = URL(url)
        allowed = parsed.scheme in {"http", "https"} and is_loopback(parsed.host or "")
    except ValueError:
        allowed = False
    if not allowed:
        detail = "Without channel credentials, serviceUrl must be on a loopback address."
        raise BadRequest(403, "Not a service URL of this machine", detail)
