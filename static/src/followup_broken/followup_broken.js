import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * How many promises were broken: nothing for none, a number that is noticed for more. Where
 * there is room it stands in words: `options="{'words': true}"`.
 */
export class FollowupBrokenField extends Component {
    static template = "account_payment_followup.FollowupBrokenField";
    static props = { ...standardFieldProps, words: { type: Boolean, optional: true } };

    get count() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return _t("Broken promises: %s", this.count);
    }
}

registry.category("fields").add("followup_broken", {
    component: FollowupBrokenField,
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({ words: Boolean(options.words) }),
});

/** The sum of a group of customers, where no field stands: nothing for none there too. */
registry
    .category("formatters")
    .add("followup_broken", (value) => (value ? formatInteger(value) : ""));
