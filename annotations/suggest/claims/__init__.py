"""Claims: what a text says, who holds it and how, by rules over the parse and a small scorer."""
