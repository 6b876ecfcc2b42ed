import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A customer, and below the name why nothing is sent, or what became of it. */
export class FollowupRemarkField extends Component {
    static template = "account_payment_followup.FollowupRemarkField";
    static props = { ...standardFieldProps };

    get name() {
        return this.props.record.data[this.props.name]?.display_name || "";
    }

    /** Among results, where no group says it, with the channel. */
    get remark() {
        const { context, data, fields } = this.props.record;
        const kinds = Object.fromEntries(fields.kind.selection);
        const channel = context.followup_outcome && kinds[data.kind];
        return [channel, data.explanation].filter(Boolean).join(" · ");
    }
}

registry.category("fields").add("followup_remark", {
    component: FollowupRemarkField,
    supportedTypes: ["many2one"],
    fieldDependencies: [
        { name: "explanation", type: "char" },
        { name: "kind", type: "selection" },
    ],
});
