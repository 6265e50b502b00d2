"""Masks a text, so that it tells authors what was asked, and little of who asked or about whom."""

import re

from dialogs.tidy import find_addresses

LONGEST = 300
"""Characters that are kept."""
READ = 1000
"""Characters that are looked at: what is masked can be longer than what stands for it."""

PRIVATE = {
    "[link]": re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+", re.IGNORECASE),
    "[address]": re.compile(r"\S*@\S*\w"),
    "[host]": re.compile(r"\b\w[\w-]*(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE),
    "[number]": re.compile(r"\+?\d(?:[ ()/.-]{0,2}\d){4,}"),
}
"""What is replaced, in this order: links hold hosts, and hosts may hold numbers."""


def masked(text: str) -> str:
    """A text without addresses, links, host names and numbers of five digits and more.

    Names of people stay: nothing tells them from other words.

    >>> masked("why does bob@contoso.com see https://contoso.com/x at +1 425 555 0100?")
    'why does [address] see [link] at [number]?'
    """
    text = text[:READ]
    for address in find_addresses(text):
        text = text.replace(address, "[address]")
    for kind, pattern in PRIVATE.items():
        text = pattern.sub(kind, text)
    return " ".join(text.split())[:LONGEST]
