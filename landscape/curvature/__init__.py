"""What the Hessian says: Lanczos and spectra."""
