"""What went wrong with a download, in words that say what to do."""

from igny8_assets.pages.addresses import host_of

_TRY_LATER = "try again later"


def in_words(error: Exception, address: str) -> str:
    """Say why an address could not be read, and how to mend it; no name of a library's exception is shown."""
    from requests import exceptions

    host = host_of(address)
    # The kinds that stand first are also of the kinds that follow.
    words: tuple[tuple[type[Exception], str], ...] = (
        (exceptions.ProxyError, "the proxy of this machine lets nobody through to it; look at HTTPS_PROXY"),
        (exceptions.SSLError, f"{host} has no certificate that can be trusted; open the address in a browser"),
        (exceptions.ConnectTimeout, f"{host} can't be reached in time; check the address, or {_TRY_LATER}"),
        (exceptions.Timeout, f"{host} does not answer in time; {_TRY_LATER}"),
        (exceptions.ChunkedEncodingError, f"the answer broke off; {_TRY_LATER}"),
        (exceptions.ContentDecodingError, "the answer is packed in a way that can't be read; save it as a file"),
        (exceptions.ConnectionError, f"there is no connection to {host}; check the address and the network"),
        (exceptions.InvalidSchema, "it leads on to something that is not an http(s) address"),
    )
    told = next((said for kind, said in words if isinstance(error, kind)), "it is not a sound address; check it")
    return f"{address} can't be read: {told}"
