"""Where other people's code runs: a cage of bubblewrap with a fork server in it.

Outside, trusted
    `cage` starts it, gives it notebooks, keeps the clock; `staging` gathers the files it may see.
Inside, from when a student's code has run, not trusted
    `server` forks, `walls` closes each fork in, `student` runs the notebook and looks at answers.
Between them
    `wire`: plain data, read with limits.
"""
