import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * The box that says whether a customer gets the reminder; one click in the list.
 *
 * A customer has a row for each channel and is ticked as a whole: the list is read again.
 */
export class FollowupTickField extends Component {
    static template = "account_payment_followup.FollowupTickField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
    }

    get isTicked() {
        return this.props.record.data[this.props.name];
    }

    get isShown() {
        return ["ready", "manual"].includes(this.props.record.data.state);
    }

    async onClick() {
        const { record } = this.props;
        await this.orm.call(record.resModel, "action_toggle", [[record.resId]]);
        await record.model.root.load();
        record.model.notify();
    }
}

registry.category("fields").add("followup_tick", {
    component: FollowupTickField,
    supportedTypes: ["boolean"],
});
