"""Examples are tried without a clock: a slow machine is no mistake."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
