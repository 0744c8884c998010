"""Firefox and WebKit, each driven by its own protocol, behind the one interface of `reader`."""
