"""The course as web pages: one folder that needs no server, no network and no Python."""
