"""Published facts beside what the lab gives for them, as a page that a command writes anew (DOMAIN 9 and 10)."""
