"""μblog: one microblog domain behind five interfaces."""

import os

# Here, since every process begins with it: the web server, the worker, beat, the supervisor and
# each command that somebody runs by hand. What they write is for no other user of the machine:
# files 0600, directories 0700.
os.umask(0o077)
