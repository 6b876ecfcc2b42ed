"""The next 30 days ÷ the decision of one day: the first days, as the menu opens them,
and all, as the page asks for them.

All are 31 decisions of those whom a day may bring something, with their moves.
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
            "opening": own.action_open_forecast,
            "all days": own.action_complete_forecast,
        },
        rounds,
    )
    print(f"forecast: {own.search_count([])} messages")
    for name, its in times.items():
        print(f"  {name:10} {its}")
    ratio = times["all days"].best / times["decision"].best
    print(f"  ratio {ratio:.1f}")
    return ratio
