"""The running program: channels, web, use cases, command line."""
