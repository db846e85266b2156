"""μblog: one microblog domain behind five interfaces."""
