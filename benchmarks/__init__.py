"""Measurements that print ratios from one run: `python -m benchmarks.NAME`."""
