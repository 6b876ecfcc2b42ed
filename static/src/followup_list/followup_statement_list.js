import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { lastOpened } from "../followup_place/followup_place";
import {
    FollowupKanbanController,
    FollowupListController,
    followupKanbanView,
} from "./followup_list";
import { FollowupSearchModel } from "./followup_search_model";

/** What there is to do: a list with all notices. */
export class FollowupStatementListController extends FollowupListController {
    isOnlyOff = false;

    /** The row of the customer at whom one was last, to whom the pager may have led. */
    get lastRow() {
        const { resId, resModel } = lastOpened;
        const found = this.model.root.records.findIndex(
            (record) => record.resId === resId && record.resModel === resModel
        );
        return found < 0 ? super.lastRow : found;
    }
}

// The columns that a filter shows, by what it adds to the context
const SHOWN = { followup_excluded: "amount_excluded", followup_credit: "amount_credit" };

/** A list that shows the amounts which a filter is about, whatever else people chose. */
export class FollowupStatementListRenderer extends ListRenderer {
    computeOptionalActiveFields() {
        const active = super.computeOptionalActiveFields();
        for (const [key, name] of Object.entries(SHOWN)) {
            active[name] ||= Boolean(this.props.list.context[key]);
        }
        return active;
    }
}

export class FollowupStatementKanbanController extends FollowupKanbanController {
    isOnlyOff = false;
}

registry.category("views").add("followup_statement_kanban", {
    ...followupKanbanView,
    Controller: FollowupStatementKanbanController,
    SearchModel: FollowupSearchModel,
});

registry.category("views").add("followup_statement_list", {
    ...listView,
    Controller: FollowupStatementListController,
    Renderer: FollowupStatementListRenderer,
    SearchModel: FollowupSearchModel,
});
