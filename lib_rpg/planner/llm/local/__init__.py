"""Chat models in this process, through transformers."""
