import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

// On paper the margins come from the printer's page, which a screen does not have.
const PAPER = "<style>@media screen { body { margin: 20mm 20mm 22mm 25mm } }</style>";

/** A message as its reader sees it: a page of its own, that our styles do not touch. */
export class FollowupPageField extends Component {
    static template = "account_payment_followup.FollowupPageField";
    static props = { ...standardFieldProps, paper: { type: Boolean, optional: true } };

    get page() {
        const page = String(this.props.record.data[this.props.name] || "");
        return this.props.paper ? page.replace("</head>", `${PAPER}</head>`) : page;
    }
}

registry.category("fields").add("followup_page", {
    component: FollowupPageField,
    supportedTypes: ["html", "text"],
    extractProps: ({ options }) => ({ paper: Boolean(options.paper) }),
});
