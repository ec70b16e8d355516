"""The version of this software, as associations state it."""

__version__ = "0.2.0"

#: With what the `code_version` of our associations begins, whatever the version.
SOFTWARE = "asnsolve "

CODE_VERSION = f"{SOFTWARE}{__version__}"
