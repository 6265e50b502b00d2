"""A Direct Line service for a test."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.channels.directline_service import Service, running


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A Direct Line service of the demo, in which nobody has been yet."""
    async with running() as service:
        yield service
