"""The queue: weekly slots of each account, and the next free one for what is to leave."""
