from . import payment_followup_letter
from . import payment_followup_dashboard
from . import payment_followup_dashboard_figures
from . import payment_followup_dashboard_recent
