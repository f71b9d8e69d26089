"""The course running in a browser tab: JupyterLite on Pyodide, and nothing installed."""
