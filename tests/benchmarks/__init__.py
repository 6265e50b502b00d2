"""What the program costs, as figures to read; nothing here is ever asserted.

Use: python -m tests.benchmarks [SECTION…]
"""
