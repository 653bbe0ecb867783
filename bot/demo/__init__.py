"""Playing it: the demonstration round, a phone simulator, invented residents. Refuses to start beside real
credentials (bot.wiring).
"""
