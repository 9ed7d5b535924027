"""What the readers of all formats share: whole documents from files that nobody vouches for."""
