"""Small programs that measure what is promised: `python -m benchmarks`. Nothing in the program imports from here."""
