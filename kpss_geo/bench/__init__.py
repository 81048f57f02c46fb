"""Speed measured beside what people use now, and constants derived from data.

Each benchmark prints ratios of runs done side by side in one process, the median and the
least of several repeats, and the memory it took. None of them is a test.
"""
