"""The picture of a member: two soft colours from the handle, and the initials. The same handle, the same picture."""

from __future__ import annotations

import hashlib

from django.utils.html import escape

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
    '<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">'
    '<stop offset="0" stop-color="{one}"/><stop offset="1" stop-color="{two}"/></linearGradient></defs>'
    '<rect width="96" height="96" fill="url(#g)"/>'
    '<text x="48" y="48" dy=".35em" text-anchor="middle" fill="#fff" font-size="38" font-weight="600"'
    ' font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif">{initials}</text></svg>'
)


def draw(handle: str, initials: str) -> str:
    """An SVG; white on these colours has a contrast of at least 4.5 to 1."""
    first, second = hashlib.sha256(handle.encode()).digest()[:2]
    hue = first * 360 // 256
    shown = "".join(c for c in initials if c.isprintable()) or "?"
    return SVG.format(
        one=f"hsl({hue}, 42%, 38%)", two=f"hsl({(hue + 30 + second % 60) % 360}, 46%, 29%)", initials=escape(shown)
    )
