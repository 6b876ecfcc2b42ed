import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";
import { RemainingDaysField, remainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";

const LONG_AGO = 99;

/**
 * How many days ago, or from now, a day is: Odoo's own field says "last month" from the first of
 * the month on, also of yesterday, and "next month" of the day after tomorrow.
 *
 * `options="{'date': true}"` shows the day itself as well.
 */
export class FollowupDaysField extends RemainingDaysField {
    static template = "account_payment_followup.FollowupDaysField";
    static props = { ...RemainingDaysField.props, hasDate: { type: Boolean, optional: true } };

    get days() {
        const value = this.props.record.data[this.props.name];
        return value ? capitalize(value.toRelativeCalendar({ unit: "days" })) : "";
    }

    get text() {
        const isLongAgo = Math.abs(this.diffDays) > LONG_AGO;
        return this.props.hasDate || isLongAgo ? this.formattedValue : this.days;
    }
}

registry.category("fields").add("followup_days", {
    ...remainingDaysField,
    component: FollowupDaysField,
    extractProps: (info) => ({
        ...remainingDaysField.extractProps(info),
        hasDate: Boolean(info.options.date),
    }),
});
