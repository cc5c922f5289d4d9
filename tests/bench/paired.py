"""Figures that mean something on any machine: ratios of runs in turn, told as median, least and most."""
import statistics


def ratio(name, ours, theirs, better="less"):
    ratios = [b / a if better == "less" else a / b for a, b in zip(ours, theirs)]
    print(f"{name}: {statistics.median(ours):.4g} beside {statistics.median(theirs):.4g}, "
          f"ratio {statistics.median(ratios):.3g} (pairs: {len(ratios)}, from {min(ratios):.3g} to {max(ratios):.3g})", flush=True)
    return statistics.median(ratios)
