import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** How many promises were broken: nothing for none, a number that is noticed for more. */
export class FollowupBrokenField extends Component {
    static template = "account_payment_followup.FollowupBrokenField";
    static props = { ...standardFieldProps };

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
});
