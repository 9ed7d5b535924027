"""What the writers of all formats share: files that are whole or not there, and what they could not hold."""
