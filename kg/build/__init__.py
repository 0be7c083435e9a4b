"""From sources to a published generation: stage by stage, in the order that `pipeline` states."""
