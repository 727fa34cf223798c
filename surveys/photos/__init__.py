"""Photos as bytes and facts: what they are, where and when they were taken, how to show them.

Pure: no Django, no database. Hostile bytes are only ever decoded in ``worker``, a process of its
own with limits on time, memory and output.
"""
