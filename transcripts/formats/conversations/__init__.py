"""Conversations of any channel in formats that several vendors share."""
