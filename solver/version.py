"""The version of this software, as associations state it."""

__version__ = "0.2.0"

CODE_VERSION = f"asnsolve {__version__}"
