"""Where widgets that are not ipywidgets' own ask to be shown."""

from types import SimpleNamespace

_widgets = SimpleNamespace(_installed_url=None)


def enable_custom_widget_manager() -> None:
    """Let them be shown."""
    _widgets._installed_url = "https://ssl.gstatic.com/colaboratory-static/widgets"
