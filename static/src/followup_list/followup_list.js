import { registry } from "@web/core/registry";
import { useSetupAction } from "@web/search/action_hook";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useEffect } from "@odoo/owl";

import { FollowupNotices } from "../followup_notices/followup_notices";
import { findFirstStop, useKeptPlace } from "../followup_place/followup_place";

/**
 * A list that says so where follow-up is switched off, and that keeps the place of whoever
 * works without the mouse, also when one comes back to it from a row that one opened. A list
 * from which reminders leave has all notices.
 */
export class FollowupListController extends ListController {
    static template = "account_payment_followup.FollowupList";
    static components = { ...ListController.components, FollowupNotices };

    isOnlyOff = true;

    setup() {
        super.setup();
        const standInRow = useKeptPlace(this.rootRef, () => this.firstStop);
        this.openedRow = this.props.state?.openedRow;
        useSetupAction({ getLocalState: () => ({ openedRow: this.openedRow }) });
        useEffect(
            (isReady) => {
                if (isReady && this.openedRow !== undefined && !this.env.isSmall) {
                    standInRow(this.lastRow);
                }
            },
            () => [this.model.isReady]
        );
    }

    /** Who came from above the rows begins with the first one. */
    get firstStop() {
        return findFirstStop(this.rootRef.el);
    }

    /** The row one comes back from, or the one that has taken its place. */
    get lastRow() {
        return this.openedRow;
    }

    async openRecord(record, options) {
        this.openedRow = this.model.root.records.findIndex(({ id }) => id === record.id);
        return super.openRecord(record, options);
    }
}

/** The same for the cards that a phone shows. */
export class FollowupKanbanController extends KanbanController {
    static template = "account_payment_followup.FollowupKanban";
    static components = { ...KanbanController.components, FollowupNotices };

    isOnlyOff = true;
}

/** Cards that say so where there are none, also when they are grouped by a company or user. */
export class FollowupKanbanRenderer extends KanbanRenderer {
    get showNoContentHelper() {
        const { groups, isGrouped } = this.props.list;
        return (isGrouped && !groups.length) || super.showNoContentHelper;
    }
}

export const followupKanbanView = {
    ...kanbanView,
    Controller: FollowupKanbanController,
    Renderer: FollowupKanbanRenderer,
};

registry.category("views").add("followup_kanban", followupKanbanView);

registry.category("views").add("followup_list", {
    ...listView,
    Controller: FollowupListController,
});
