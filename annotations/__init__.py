"""The core of purport: documents, layers, decisions and the store that keeps them.

It imports neither Textual nor Rich, so that every job it does runs without a terminal.
`annotations.project.Project` is the way in.
"""
