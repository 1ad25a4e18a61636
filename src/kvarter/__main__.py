"""`python -m kvarter`: the same as the command `kvarter`."""

from kvarter.cli import main

if __name__ == "__main__":
    main()
