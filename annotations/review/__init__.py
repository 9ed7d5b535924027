"""What a person decides on in order: one layer's suggestions, two layers' differences, what is missed."""
