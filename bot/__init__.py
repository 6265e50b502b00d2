"""The half that touches the world: network, disk and clock."""
