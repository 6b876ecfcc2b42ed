import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Component, markup, onWillStart, status, useState } from "@odoo/owl";

/**
 * What people should know before reminders leave: bank transactions to reconcile, what
 * holds the automatic sending back, and the buttons to decide about it.
 *
 * The server says it all; a company to which nothing applies has no banner. Use it as a
 * component in the template of a list, or as `<widget name="followup_notices"/>` in a form.
 */
export class FollowupNotices extends Component {
    static template = "account_payment_followup.FollowupNotices";
    static props = {
        record: { type: Object, optional: true },
        readonly: { type: Boolean, optional: true },
        // For screens from which nothing leaves: whether follow-up is switched off
        onlyOff: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ notices: [] });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.notices = await this.orm.call("payment.followup.guard", "get_notices", [
            Boolean(this.props.onlyOff),
        ]);
    }

    async onClick({ model, method, args }) {
        const action = await this.orm.call(model, method, args);
        if (action) {
            // As Odoo does with actions that its own buttons open
            const help = action.help && markup(action.help);
            await this.action.doAction({ ...action, help });
        }
        // An action may have opened the screen anew, with a banner of its own
        if (status(this) !== "destroyed") {
            await this.load();
        }
    }
}

export const followupNoticesWidget = { component: FollowupNotices };
registry.category("view_widgets").add("followup_notices", followupNoticesWidget);
