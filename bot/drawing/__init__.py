"""Draws the dialogs that knowledge/ describes; the author's tools alone import it."""
