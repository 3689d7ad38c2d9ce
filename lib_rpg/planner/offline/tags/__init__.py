"""Tags, the pieces between commas that are no sentences: what kind each is, and whose."""
