"""The shapes model: a small text-to-image checkpoint, its data, training and detector."""
