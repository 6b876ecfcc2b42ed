"""The next 30 days, as the menu opens them ÷ the decision of one day.

They are 31 decisions, each followed by the moves of that day's claims.
"""

from .decision import get_ours
from .measure import read_all, take_turns


def measure_forecast(env, company, rounds=2):
    """Print both times and their ratio; return the ratio."""
    own = env["payment.followup.forecast"].with_company(company)
    own = own.with_context(allowed_company_ids=company.ids)
    query = get_ours(env, company)
    times = take_turns(
        env.cr,
        {
            "decision": lambda: read_all(env.cr, query),
            "forecast": own.action_open_forecast,
        },
        rounds,
    )
    print(f"forecast: {own.search_count([])} messages")
    for name, its in times.items():
        print(f"  {name:10} {its}")
    ratio = times["forecast"].best / times["decision"].best
    print(f"  ratio {ratio:.1f}")
    return ratio
