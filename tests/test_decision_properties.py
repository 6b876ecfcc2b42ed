from collections import Counter
from contextlib import closing, contextmanager

from hypothesis import HealthCheck, Phase, core, given, settings

from odoo.tests import tagged

from ..const import ITEM_REASONS, PARTS, REASONS
from .common import FollowupCommon
from .reference import Decision, decide, decide_items, foresee
from .reference_claim import ItemDecision
from .stories import EVENTS, Life, stories
from .world import Account, Customer, Item, Plan
from .world_records import Records, to_text
from .worlds import due_worlds, ladder_worlds, worlds

# How long a story goes on.
RULES_DAYS, BATCH_DAYS, FORECAST_DAYS = 12, 30, 10
# Messages come back often.
BATCH_EVENTS = (*EVENTS, *["bounce"] * 3)
# What a level's channel becomes for a customer with an e-mail address alone.
KINDS = {"send_email": "email", "send_sms": "email", "create_activity": "activity"}
AGES = ("not_due", "1_30", "31_60", "61_90", "91_120", "over_120")


def examples(number):
    """Try so many examples, the same at every run unless --hypothesis-seed is given."""
    return settings(
        database=None,
        deadline=None,
        derandomize=core.global_force_seed is None,
        max_examples=number,
        # All but the attempt to explain, which takes longer than it helps
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@tagged("post_install", "-at_install")
class TestDecisionProperties(FollowupCommon):
    """Whatever the ledger, the decision is that of the plain rules in reference.py.

    A failing example is shown with what is not as usual: an item without more words is
    a claim of 0.01 due today, a day is a number, day 0 is DAY_0, amounts are cents.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = Records(cls)

    @contextmanager
    def example(self):
        """Undo what an example writes."""
        with closing(self.env.cr.savepoint(flush=False)):
            yield
        self.env.invalidate_all(flush=False)

    def assertSame(self, found, expected):
        """Compare two dicts of dicts; name only the columns that differ."""
        self.assertEqual(found.keys(), expected.keys())
        differences = {
            key: {
                column: {"found": found[key][column], "expected": value}
                for column, value in columns.items()
                if found[key][column] != value
            }
            for key, columns in expected.items()
        }
        self.assertFalse({k: diff for k, diff in differences.items() if diff})

    def assertDecided(self, world):
        """Check all that the add-on says of ``world``; return the decisions."""
        statements = self.records.read_statements(world)
        items = self.records.read_items(world)
        decisions = decide(world)
        self.assertSame(
            items, {key: item.columns for key, item in decide_items(world).items()}
        )
        self.assertSame(
            statements, {key: decision.columns for key, decision in decisions.items()}
        )
        return decisions

    # ---- one day ------------------------------------------------------------------

    @examples(800)
    @given(worlds())
    def test_decision_is_that_of_the_rules(self, world):
        with self.example():
            self.records.fill(world)

            self.assertDecided(world)

    @examples(300)
    @given(due_worlds())
    def test_address_is_found_wherever_it_is(self, world):
        with self.example():
            self.records.fill(world)

            self.assertDecided(world)

    @examples(300)
    @given(ladder_worlds())
    def test_ladder_is_climbed_as_the_rules_say(self, world):
        with self.example():
            self.records.fill(world)

            self.assertDecided(world)

    @examples(100)
    @given(worlds())
    def test_nothing_that_is_owed_vanishes(self, world):
        with self.example():
            self.records.fill(world)

            items = self.records.read_items(world).values()
            statements = self.records.read_statements(world)

        parts, owed = Counter(), Counter()
        for item in items:
            parts[item["part"]] += item["amount_residual"]
        for (*key, _place), item in world.items.items():
            owed[tuple(key) if item.owner else None] += item.amount
        self.assertLessEqual(parts.keys(), dict(PARTS).keys())
        self.assertEqual(sum(parts.values()), sum(owed.values()))
        self.assertEqual(statements.keys(), owed.keys() - {None})
        for key, statement in statements.items():
            ages = [statement[f"amount_{age}"] for age in AGES]
            due, excluded = statement["amount_due"], statement["amount_excluded"]
            self.assertEqual((sum(ages), due + excluded), (owed[key], owed[key]))

    @examples(100)
    @given(worlds())
    def test_answers_agree_with_one_another(self, world):
        with self.example():
            self.records.fill(world)

            items = self.records.read_items(world)
            statements = self.records.read_statements(world)

        for key, statement in statements.items():
            mine = [
                item
                for place, item in items.items()
                if place[:2] == key and item["partner_id"]
            ]
            has_due_item = any(item["reason"] == "due" for item in mine)
            is_due = statement["reason"] == "due"
            self.assertIn(statement["reason"], dict(REASONS))
            self.assertEqual(is_due, statement["due_level_id"] is not None)
            self.assertEqual(has_due_item, statement["next_level_id"] is not None)
            self.assertLessEqual(is_due, has_due_item)
            for item in mine:
                self.assertIn(item["reason"], dict(ITEM_REASONS))
                if item["reason"] in ("credit", "litigation", "outside", "promised"):
                    self.assertFalse(item["is_due"] or item["is_listed"])
                else:
                    self.assertEqual(item["is_due"], item["reason"] == "due")
                    self.assertLessEqual(item["is_due"], item["is_listed"])

    def test_reasons_are_documented_in_the_order_in_which_they_are_tried(self):
        item = ItemDecision(Plan(), Account(), Item())
        decision = Decision(Plan(), Customer(), Account(), {0: item})

        self.assertEqual(list(decision.get_reasons()), [key for key, _ in REASONS])
        self.assertEqual({*item.get_reasons()}, {key for key, _ in ITEM_REASONS})

    # ---- many days ----------------------------------------------------------------

    @examples(50)
    @given(worlds())
    def test_forecast_is_what_the_rules_say(self, world):
        with self.example():
            self.records.fill(world)
            for company, plan in enumerate(world.plans):
                with self.on(to_text(plan.today)):
                    found = self.records.read_forecast(company, FORECAST_DAYS)

                expected = foresee(world, company, FORECAST_DAYS)
                self.assertEqual(sorted(found), sorted(expected))

    @examples(50)
    @given(worlds())
    def test_nothing_changes_before_the_day_of_change(self, world):
        with self.example():
            self.records.fill(world)
            days = [self.records.read_facts(world, later) for later in range(21)]

            for day, facts in enumerate(days):
                for key, (change, fact) in facts.items():
                    until = len(days) if change is None else min(change, len(days))
                    for later in range(day + 1, until):
                        self.assertEqual(days[later][key][1], fact, (key, day, later))

    @examples(60)
    @given(stories(RULES_DAYS))
    def test_days_go_by_as_the_rules_say(self, story):
        with self.example():
            life = Life(story)
            for day in range(RULES_DAYS):
                life.start_day(day)
                self.records.fill(story.world)
                sent = self.get_sent(self.assertDecided(story.world))
                for decision in sent.values():
                    decision.remind()
                if sent:
                    self.records.fill(story.world)
                    self.assertNothingLeft(story.world)

    @examples(30)
    @given(
        stories(BATCH_DAYS, size=2, names=BATCH_EVENTS, channels=tuple(KINDS)),
    )
    def test_batch_sends_what_the_rules_say(self, story):
        with self.example():
            life, bouncing, has_run_twice = Life(story), set(), False
            for day in range(BATCH_DAYS):
                bouncing.update(map(life.get_account, life.start_day(day)))
                self.records.fill(story.world)
                sent = self.get_sent(self.assertDecided(story.world))
                if sent or day % 10 == 9:
                    actions = self.assertSent(day, sent)
                    self.assertNothingLeft(story.world)
                    if not has_run_twice:
                        self.assertFalse(self.remind(day), "a second batch is silent")
                        has_run_twice = bool(sent)
                    self.bounce(day, sent, actions, bouncing)

    def assertNothingLeft(self, world):
        """Check that nobody is reminded a second time today."""
        self.assertEqual([*self.get_sent(self.assertDecided(world))], [])

    def get_sent(self, decisions):
        return {
            key: decision for key, decision in decisions.items() if decision.is_sent
        }

    def remind(self, day):
        """Run the batch of a day, make the calls; return its messages."""
        actions = self.run_batch(to_text(day))
        with self.on(to_text(day)):
            actions.activity_id.action_feedback()
        return actions.filtered(lambda action: action.kind != "promise_broken")

    def assertSent(self, day, sent):
        """Run the batch and compare its log; the levels move as the rules say."""
        expected = {
            key: self.describe(*key, decision) for key, decision in sent.items()
        }
        for decision in sent.values():
            decision.remind()

        actions = self.remind(day)

        found = {
            self.get_key(action): self.describe_action(action) for action in actions
        }
        self.assertSame(found, expected)
        self.assertEqual(len(actions), len(sent), "one message for each customer")
        return actions

    def get_key(self, action):
        records = self.records
        return (
            records.companies.index(action.company_id),
            records.customers.index(action.partner_id),
        )

    def describe(self, company, customer, decision):
        """Return what the log must say of a reminder, before the levels move."""
        levels = self.records.levels[company]
        lines = self.records.lines[company][customer]
        (channel,) = decision.plan.levels[decision.next_level].channels
        places = decision.places.items()
        return {
            "kind": KINDS[channel],
            "level": levels[decision.next_level],
            "listed": {
                lines[place].id: item.item.amount
                for place, item in places
                if item in decision.asked or not item.is_claim
            },
            "moved": {
                lines[place].id: (levels[item.next_level], item.repeat_count)
                for place, item in places
                if item.is_due
            },
        }

    def describe_action(self, action):
        return {
            "kind": action.kind,
            "level": action.level_id,
            "listed": {
                line.move_line_id.id: round(line.amount_residual * 100)
                for line in action.line_ids
            },
            "moved": {
                line.move_line_id.id: (line.level_id, line.repeat_count)
                for line in action.line_ids
                if line.level_id
            },
        }

    def bounce(self, day, sent, actions, keys):
        """Let the messages to the accounts ``keys`` come back, each once."""
        for key in keys & sent.keys():
            keys.remove(key)
            sent[key].bounce()
            with self.on(to_text(day)):
                actions.filtered(
                    lambda action, key=key: self.get_key(action) == key
                )._set_failed("refused")
