"""Chats as messengers, help desks and contact centers export them."""
