#!/usr/bin/env python
"""Django's command line, for this project."""

from ublog.manage import main

if __name__ == "__main__":
    main()
