"""E-mail: single messages, mailboxes of many threads, and the quoted replies inside them."""
