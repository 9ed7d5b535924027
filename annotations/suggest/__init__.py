"""Text to suggestions."""
