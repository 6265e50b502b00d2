"""Ports for services that tests kill and start again."""

import random
import socket

BELOW = range(20_000, 32_000)
"""Below those that systems give to connections: one of these can be taken while a service is down,
and who looks whether it is up again can connect to themselves there."""


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    chance = random.SystemRandom()
    while True:
        port = chance.choice(BELOW)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
