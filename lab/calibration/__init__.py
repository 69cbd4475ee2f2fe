"""The behaviour fitted to what really happened: a member's own messages, or a table of published rates.

Law: what is read stays in memory on this machine; nothing of it is stored or sent, only fitted numbers come out.
"""
