"""The browser app: Streamlit pages over the package."""
