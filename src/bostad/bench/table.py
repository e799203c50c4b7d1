"""The bench's rows as a table for people."""

from collections.abc import Sequence

from bostad.bench.running import Row


def table(rows: Sequence[Row]) -> str:
    """Return the rows as Markdown, each size with what its stages took and how the others compare."""
    sizes = list(dict.fromkeys(row.size for row in rows))
    return "\n\n".join(_of_size(size, [row for row in rows if row.size == size]) for size in sizes)


def _of_size(size: str, rows: Sequence[Row]) -> str:
    mine = next(row for row in rows if row.method == "bostad")
    pairs = mine.extra["pairs"]
    stages = ", ".join(f"{name} {seconds:.3f} s" for name, seconds in mine.extra["stages"].items())
    lines = [
        f"### {size}: {pairs:,} pairs",
        "",
        f"Ours by stage: {stages}; peak before the check {mine.extra['solve_peak_mib']:,} MiB.",
        "",
        "| method | true optimum | solve, CPU s | in all | peak MiB | times ours | placed | misfit |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_line(row, mine) for row in rows),
    ]
    for row in rows:
        if "acute" in row.extra:
            lost = row.extra
            lines += ["", f"{row.method} houses {lost['households']} households fewer, {lost['acute']} of them acute"]
            lines[-1] += f" (net), and {lost['children']} children fewer."
    return "\n".join(lines)


def _line(row: Row, mine: Row) -> str:
    if row.solve_s is None or row.total_s is None or mine.solve_s is None:
        return f"| {row.method} | - | did not finish | - | - | - | - | - |"
    ratio = row.solve_s / max(mine.solve_s, 1e-6)
    exact = "yes" if row.exact else "no"
    return (
        f"| {row.method} | {exact} | {row.solve_s:.4f} | {row.total_s:.3f} | {row.peak_mib:,} | {ratio:.1f} "
        f"| {row.extra['placed']:,} | {row.objective:,} |"
    )
