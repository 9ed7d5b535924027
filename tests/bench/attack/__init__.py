"""Attacks on a project's user, each replayed against any version of the program."""
