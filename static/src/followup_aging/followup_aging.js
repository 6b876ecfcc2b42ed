import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * What a customer owes, by age: a bar for each currency, and below it the same in words.
 *
 * The words carry all that the colours say; the bar itself is hidden from screen readers.
 */
export class FollowupAgingField extends Component {
    static template = "account_payment_followup.FollowupAgingField";
    static props = { ...standardFieldProps };

    get parts() {
        return this.props.record.data[this.props.name] || [];
    }

    get label() {
        return _t("What is owed, by age");
    }
}

registry.category("fields").add("followup_aging", {
    component: FollowupAgingField,
    supportedTypes: ["json"],
});
