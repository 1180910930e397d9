"""Pages of the listening room, one file per thing they are about."""
