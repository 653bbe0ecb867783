"""`lyhord doctor`: looks at a real set-up and says what must be mended. Changes nothing; no secret is ever told."""
