"""The terminal: Textual."""
