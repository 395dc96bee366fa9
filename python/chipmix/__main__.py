"""python -m chipmix, and the command `chipmix` of an installed package: the program that came with it."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Becomes the program, with the words of the command line."""
    program = Path(__file__).resolve().parent / "bin" / "chipmix"
    if not program.is_file():
        sys.exit("chipmix: this package was built without the program: run ./chipmix in the source tree")
    os.execv(program, [str(program), *sys.argv[1:]])


if __name__ == "__main__":
    main()
