"""Web addresses as browsers compare them: by scheme, host and port."""

from urllib.parse import urlsplit


def origin_of(address: str) -> str:
    """Scheme, host and port of an https address in lower case, or "" for anything else.

    Whatever could be read in two ways (a user before the host, a backslash) is nothing here.
    """
    try:
        parts = urlsplit(address)
        port = "" if parts.port in (None, 443) else f":{parts.port}"
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or "\\" in address:
        return ""
    return f"https://{parts.hostname}{port}"
