"""Choices that look varied and are always the same for the same words."""

from collections.abc import Sequence
from hashlib import sha256


def ordered(options: Sequence[str], seed: str) -> list[str]:
    """Put options in an order that depends on `seed` alone.

    Args:
        options: Texts to order.
        seed: Any text; another seed gives another order.

    Returns:
        All options, in the order of the SHA-256 digests of seed and option.
    """
    start = sha256(seed.encode())

    def rank(option: str) -> bytes:
        digest = start.copy()
        digest.update(b"\x00" + option.encode())
        return digest.digest()

    return sorted(options, key=rank)
