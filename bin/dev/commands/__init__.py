"""One file per command: ``main(arguments)`` returns the exit code."""
