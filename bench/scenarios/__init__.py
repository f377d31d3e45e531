"""What is measured; each module has `measure(…)`, which returns figures for the JSON."""
