"""The same list of posts as people write it without us; on the same tables."""
