# The recording script needs torch, which the tests do not.
collect_ignore = ["record_torch.py"]
