import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart, useState } from "@odoo/owl";

import { FollowupChart } from "./followup_chart";

const MODULE = "account_payment_followup";
const LISTS = {
    customers: `${MODULE}.payment_followup_statement_action`,
    aged: `${MODULE}.payment_followup_statement_action_aged`,
    items: `${MODULE}.payment_followup_statement_line_action`,
    history: `${MODULE}.payment_followup_action_action`,
};
// As in the picture of a customer's statement: darker with age; at last, no customer
const AGEING_COLORS = [
    "#9cc9a4",
    "#f3cf6d",
    "#e8a13c",
    "#d9692f",
    "#b93a2c",
    "#7d1d24",
    "#8a8f98",
];

/**
 * The dashboard of the finance lead: what is owed, how late, what is done, if it works.
 *
 * The server says each figure with the records behind it; here they are drawn and opened.
 */
export class FollowupDashboard extends Component {
    static template = "account_payment_followup.FollowupDashboard";
    static components = { FollowupChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.ageingColors = AGEING_COLORS;
        this.state = useState({ blocks: [], message: "" });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    async load() {
        const data = await this.orm.call("payment.followup.dashboard", "get_dashboard_data", []);
        Object.assign(this.state, data);
    }

    format(block, amount) {
        return formatMonetary(amount, { currencyId: block.currency_id });
    }

    /** The length of a bar beside those of the other figures; a credit has none. */
    getWidth({ amount }, figures) {
        const most = Math.max(...figures.map((figure) => figure.amount));
        return this.formatShare(most > 0 ? Math.max(amount, 0) / most : 0);
    }

    formatShare(share) {
        return `${Math.round(share * 100)}%`;
    }

    /** Open the records behind a figure: its list, without the filters it opens with. */
    async openFigure({ label, list, domain }) {
        const action = await this.action.loadAction(LISTS[list]);
        await this.action.doAction({ ...action, name: label, display_name: label, domain, context: {} });
    }

    openCustomer(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "payment.followup.statement",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openLevels() {
        return this.action.doAction(`${MODULE}.payment_followup_level_action`);
    }
}

registry.category("actions").add("payment_followup_dashboard", FollowupDashboard);
