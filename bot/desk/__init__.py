"""Escalation: what is recorded here becomes a ticket there, exactly one."""
