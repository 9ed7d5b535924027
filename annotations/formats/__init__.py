"""Layers to files and back: one module a format, and a registry of them."""
