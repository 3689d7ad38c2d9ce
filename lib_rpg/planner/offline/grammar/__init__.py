"""Recognising phrases: a thing with its adjectives, a number, a position, a relation, an order."""
