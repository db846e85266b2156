/** How many lines a list shows of a post, as in ublog/blog/post_rows.py. */
export const MAX_LINES = 12
