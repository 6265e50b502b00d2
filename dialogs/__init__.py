"""The pure half: it decides what to say, and touches nothing."""
