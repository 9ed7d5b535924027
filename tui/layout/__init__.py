"""Wrap, rows and paint: pure functions, tested without an app."""
