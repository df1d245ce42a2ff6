# The recording scripts need torch, which the tests do not.
collect_ignore_glob = ["record_*.py", "*/record_*.py"]
