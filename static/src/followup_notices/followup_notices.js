import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { listView } from "@web/views/list/list_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";
import { Component, markup, onWillStart, status, useEffect, useState } from "@odoo/owl";

import { useFocusReturn } from "../followup_focus/followup_focus";
import { lastOpened, useKeptRow } from "../followup_place/followup_place";

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
        // Of these alone, by the beginning of their keys
        kinds: { type: Array, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ notices: [] });
        onWillStart(() => this.load());
    }

    async load() {
        const notices = await this.orm.call("payment.followup.guard", "get_notices", []);
        const { kinds } = this.props;
        this.state.notices = notices.filter(
            ({ key }) => !kinds || kinds.includes(key.split("-")[0])
        );
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

export class FollowupStatementListController extends ListController {
    static template = "account_payment_followup.FollowupStatementList";
    static components = { ...ListController.components, FollowupNotices };

    setup() {
        super.setup();
        useFocusReturn();
        const stand = useKeptRow(this.rootRef);
        useEffect(
            (isReady) => {
                if (isReady && this.props.state?.modelState && !this.env.isSmall) {
                    stand(this.lastRow);
                }
            },
            () => [this.model.isReady]
        );
    }

    /** The row of the customer one comes back from, or the one that has taken its place. */
    get lastRow() {
        const { resId, row } = lastOpened;
        const found = this.model.root.records.findIndex((record) => record.resId === resId);
        return found < 0 ? row : found;
    }

    async openRecord(record, options) {
        lastOpened.row = this.model.root.records.indexOf(record);
        return super.openRecord(record, options);
    }
}

export class FollowupStatementKanbanController extends KanbanController {
    static template = "account_payment_followup.FollowupStatementKanban";
    static components = { ...KanbanController.components, FollowupNotices };
}

registry.category("views").add("followup_statement_kanban", {
    ...kanbanView,
    Controller: FollowupStatementKanbanController,
});

registry.category("views").add("followup_statement_list", {
    ...listView,
    Controller: FollowupStatementListController,
});
