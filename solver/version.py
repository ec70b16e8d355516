"""The version of this software, as associations mention it."""

__version__ = "0.1.0"

CODE_VERSION = f"asnsolve {__version__}"
