import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatDate } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;

/**
 * The day of the next reminder: today when one is due, whatever day it became due on; where
 * something holds it back, since when it is due.
 *
 * The value stays the day itself, to sort and to group by. `options="{'reason': 'field'}"`
 * names the field with the reason, else it is `reason`.
 */
export class FollowupNextField extends Component {
    static template = "account_payment_followup.FollowupNextField";
    static props = { ...standardFieldProps, reason: { type: String, optional: true } };
    static defaultProps = { reason: "reason" };

    get date() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        if (!this.date) {
            return "";
        }
        const today = DateTime.local().startOf("day");
        const isDue = this.props.record.data[this.props.reason] === "due";
        if (isDue || this.date.hasSame(today, "day")) {
            return _t("Today");
        }
        const day = formatDate(this.date);
        return this.date < today ? _t("Due since %s", day) : day;
    }

    get title() {
        return this.date ? formatDate(this.date, { numeric: true }) : "";
    }
}

registry.category("fields").add("followup_next", {
    component: FollowupNextField,
    supportedTypes: ["date"],
    extractProps: ({ options }) => ({ reason: options.reason }),
    fieldDependencies: ({ options }) =>
        options.reason ? [] : [{ name: "reason", type: "selection" }],
});
