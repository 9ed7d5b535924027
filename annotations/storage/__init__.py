"""The journal, its TinyDB view, and what keeps both whole."""
