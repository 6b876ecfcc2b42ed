import { registry } from "@web/core/registry";
import {
    BooleanToggleField,
    booleanToggleField,
} from "@web/views/fields/boolean_toggle/boolean_toggle_field";

/**
 * Excludes an open item on its customer's statement at once: what the page says of the item
 * and of the next reminder would else be that of before, until somebody saves.
 */
export class FollowupExcludeField extends BooleanToggleField {
    static template = "account_payment_followup.FollowupExcludeField";

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    async onChange(newValue) {
        await super.onChange(newValue);
        await this.props.record.model.root.save();
    }
}

registry.category("fields").add("followup_exclude", {
    ...booleanToggleField,
    component: FollowupExcludeField,
});
