from . import test_scenario_cases
