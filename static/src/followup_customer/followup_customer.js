import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * A customer, who may owe several companies: with more than one on the screen, each row says
 * which one it is about.
 */
export class FollowupCustomerField extends Component {
    static template = "account_payment_followup.FollowupCustomerField";
    static props = { ...standardFieldProps };

    get name() {
        return this.props.record.data[this.props.name]?.display_name || "";
    }

    // What the line below the name is: each kind has a class of its own
    noteClass = "o_followup_company";

    get note() {
        const { company_id: company } = this.props.record.data;
        return user.activeCompanies.length > 1 && company ? company.display_name : "";
    }
}

registry.category("fields").add("followup_customer", {
    component: FollowupCustomerField,
    supportedTypes: ["many2one"],
    fieldDependencies: [{ name: "company_id", type: "many2one", relation: "res.company" }],
});
