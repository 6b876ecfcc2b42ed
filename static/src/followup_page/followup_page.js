import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

// On paper the margins come from the printer's page, which a screen does not have. A phone is
// too narrow for them, and for the table: there the page is smaller.
const PAPER = `<style>
    @media screen { body { margin: 20mm 20mm 22mm 25mm } }
    @media screen and (max-width: 640px) {
        html { zoom: 0.75 }
        body { margin: 8mm }
        table { font-size: 8.5pt }
        th, td { padding: 1.6mm 1mm }
    }
</style>`;

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
