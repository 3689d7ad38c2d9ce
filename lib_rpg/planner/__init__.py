"""From a prompt to a Plan: the offline planner and, later, LLM providers."""
