"""What `course lab` sets in JupyterLab's server; what a person has set there stays."""

c = get_config()  # type: ignore[name-defined] # noqa: F821 - Jupyter gives it

# Without it, each kernel warns in the terminal that others on this computer may listen.
c.KernelManager.transport_encryption = "auto"

# A learner neither opens it nor should throw it away by accident.
c.ContentsManager.hide_globs.extend(["progress.sqlite*"])
