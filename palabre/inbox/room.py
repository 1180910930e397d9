"""What `agency.live` calls news of this room."""

ROOM = "inbox"
