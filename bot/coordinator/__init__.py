"""The staff console: pages by subject, each with its templates and words. Knows Flask; calls bot.services alone."""
