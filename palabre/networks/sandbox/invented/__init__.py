"""The invented words of the sandbox: a café and a museum that do not exist, and people who talk of them.

Nothing here names a real person, brand, newspaper or place. `{brand}` is the brand’s own name.
"""
