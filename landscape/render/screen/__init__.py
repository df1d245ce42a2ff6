"""The pen for screens: Plotly figures."""
