"""The same list of posts as others would write it, on the same tables, in a frozen shape."""
