import { registry } from "@web/core/registry";

import { FollowupCustomerField } from "../followup_customer/followup_customer";

/** A customer, and below the name why nothing is sent, or what became of it. */
export class FollowupRemarkField extends FollowupCustomerField {
    noteClass = "text-wrap";

    /** Among results, where no group says it, with the channel. */
    get note() {
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
