import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

// What wants a person, what the plan does by itself, and what holds it back
const COLORS = {
    due: "info",
    delivery_failed: "danger",
    no_address: "danger",
    covered: "warning",
    promised: "warning",
    paused: "warning",
    credit: "success",
    not_due: "success",
};

/** Why a reminder is due or not: the reason, and below it the same in a sentence. */
export class FollowupReasonField extends Component {
    static template = "account_payment_followup.FollowupReasonField";
    static props = { ...standardFieldProps };

    get label() {
        const { name, record } = this.props;
        const option = record.fields[name].selection.find(([key]) => key === record.data[name]);
        return option ? option[1] : "";
    }

    get color() {
        return COLORS[this.props.record.data[this.props.name]] || "300";
    }

    get text() {
        return this.props.record.data.reason_text;
    }
}

registry.category("fields").add("followup_reason", {
    component: FollowupReasonField,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "reason_text", type: "char" }],
});
