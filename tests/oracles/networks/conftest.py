# The recording scripts need torch and scikit-learn, which the tests do not.
collect_ignore = ["record_torch.py", "record_spectra.py", "record_sklearn.py"]
