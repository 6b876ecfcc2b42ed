"""Peak memory of the batch's selection, as the number of customers grows."""

import gc
import time
import tracemalloc


def measure_memory(env, company):
    """Print the peak of ``_start_batch``, in all and per customer due."""
    reminder = env["payment.followup.reminder"].with_company(company)
    reminder = reminder.with_context(allowed_company_ids=company.ids)
    reminder._start_batch()
    reminder.env.invalidate_all()
    gc.collect()
    start = time.perf_counter()
    before = reminder.env.cr.sql_log_count
    tracemalloc.start()
    ids = reminder._start_batch()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    queries = reminder.env.cr.sql_log_count - before
    count = len(ids)
    print(
        f"batch selection: {count} customers due, peak {peak / 1e6:.2f} MB "
        f"({peak / max(count, 1):.0f} bytes each), {held / 1e6:.2f} MB kept, "
        f"{queries} queries, {time.perf_counter() - start:.1f} s (traced)"
    )
    return count, peak
