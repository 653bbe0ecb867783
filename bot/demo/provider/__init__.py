"""A provider of our own, for rehearsal and tests: keeps messages as Twilio does, calls webhooks, fails when told to."""
