"""Transcripts of calls as speech recognition and call platforms write them: one JSON document."""
