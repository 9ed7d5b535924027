"""The parts of a screen: they get data and ask by messages."""
