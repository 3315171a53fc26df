"""Tickets of help desks: comments, replies and internal notes, exported as JSON."""
