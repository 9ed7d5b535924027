"""A project as one page that a browser opens offline: its figures and its marked texts."""
