import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

import { FollowupListController } from "../followup_list/followup_list";
import { FollowupTimeline } from "../followup_timeline/followup_timeline";

/** The levels of a plan below their time line. */
export class FollowupLevelListRenderer extends ListRenderer {
    static template = "account_payment_followup.FollowupLevelListRenderer";
    static components = { ...ListRenderer.components, FollowupTimeline };

    /** The steps of the one plan that is shown; none for archived or mixed levels. */
    get steps() {
        const { isGrouped, records } = this.props.list;
        if (isGrouped || !records.length) {
            return [];
        }
        const companies = new Set(records.map((record) => record.data.company_id?.id));
        const isPlan = companies.size === 1 && records.every((record) => record.data.active);
        return isPlan ? records.map((record) => record.data.timeline).filter(Boolean) : [];
    }
}

registry.category("views").add("followup_level_list", {
    ...listView,
    Controller: FollowupListController,
    Renderer: FollowupLevelListRenderer,
});
