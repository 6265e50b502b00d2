"""The service is killed again and again while cases are handed over; none is lost, none doubled.

Use: python -m tests.soak [SEED]
"""
