"""Pages of members, their network and their groups: thin, each calls one verb."""
