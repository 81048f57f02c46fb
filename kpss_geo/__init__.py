"""Coverage and distance gaps of social services for Czech community planning."""

__version__ = "0.1.0"
