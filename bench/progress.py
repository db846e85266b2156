"""What the bench prints while it measures."""

import time

began = time.monotonic()


def say(line: str) -> None:
    """Print a line with the minutes and seconds since the start."""
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    print(f"bench {minutes:2}:{seconds:02}  {line}", flush=True)
