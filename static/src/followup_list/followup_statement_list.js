import { registry } from "@web/core/registry";
import { useEffect } from "@odoo/owl";
import { listView } from "@web/views/list/list_view";

import { useFocusReturn } from "../followup_focus/followup_focus";
import { lastOpened } from "../followup_place/followup_place";
import { FollowupKanbanController, FollowupListController, followupKanbanView } from "./followup_list";

/** What there is to do: with all notices, and one comes back to the customer one was at. */
export class FollowupStatementListController extends FollowupListController {
    isOnlyOff = false;

    setup() {
        super.setup();
        useFocusReturn();
        useEffect(
            (isReady) => {
                if (isReady && this.props.state?.modelState && !this.env.isSmall) {
                    this.standInRow(this.lastRow);
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

export class FollowupStatementKanbanController extends FollowupKanbanController {
    isOnlyOff = false;
}

registry.category("views").add("followup_statement_kanban", {
    ...followupKanbanView,
    Controller: FollowupStatementKanbanController,
});

registry.category("views").add("followup_statement_list", {
    ...listView,
    Controller: FollowupStatementListController,
});
