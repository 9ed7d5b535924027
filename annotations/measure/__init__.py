"""Figures: progress now, evaluation and agreement beside it."""
