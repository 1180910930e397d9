"""The only way to a mailbox: IMAP behind the same address guard as HTTP."""


class Mailboxes:
    """Opens guarded IMAP connections."""
