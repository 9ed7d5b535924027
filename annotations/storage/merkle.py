"""The Merkle tree of RFC 6962 (section 2.1): one hash that commits to a list of byte strings.

A leaf is hashed after a byte 0, two hashes after a byte 1, so that neither passes for the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def root(leaves: Iterable[bytes]) -> str:
    """The root of the tree over these leaves, in their order; 64 hex digits."""
    # Complete subtrees from left to right, each with its height: equal neighbours become one.
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, digest = 0, sha256(_LEAF + leaf).digest()
        while stack and stack[-1][0] == height:
            digest = _node(stack.pop()[1], digest)
            height += 1
        stack.append((height, digest))
    if not stack:
        return sha256().hexdigest()
    _, digest = stack.pop()
    while stack:
        digest = _node(stack.pop()[1], digest)
    return digest.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
