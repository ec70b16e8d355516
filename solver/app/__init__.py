"""The application: what people run. Each command is a module: its docstring is its help, beside `OPTIONS` and `run`.

`run` returns the exit code if that can be other than 0.
`cli` makes the parser from the commands, `options` has the options that several share, and `inputs` what these mean;
`console` prints. Commands import the rooms as packages, which load what a run needs when it is used: so help is quick.
"""
