"""Which addresses a `next` may lead to: pages of this site, never elsewhere."""

from django.utils.http import url_has_allowed_host_and_scheme


def own_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it is a path of this site, else `otherwise`.

    A path begins with one slash; a host, a scheme, `//` or a backslash trick is refused.
    """
    is_path = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_path else otherwise
