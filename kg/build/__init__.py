"""From sources to a published generation: the arrows of design §1, in the order that `pipeline` states."""
