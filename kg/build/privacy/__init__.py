"""Privacy: what tells of a person is withheld before anything is named or stored (setting contact_points)."""
