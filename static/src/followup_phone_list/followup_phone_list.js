import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { FollowupListController } from "../followup_list/followup_list";

/**
 * Leaves out of a list what has no room on a phone: columns with the class `o_followup_wide`.
 * One with the class `o_followup_narrow` is on the phone only.
 */
export const withPhoneColumns = (Renderer) =>
    class extends Renderer {
        processAllColumn(allColumns, list) {
            const left = this.env.isSmall ? "o_followup_wide" : "o_followup_narrow";
            return super
                .processAllColumn(allColumns, list)
                .filter((column) => !column.attrs?.class?.split(" ").includes(left));
        }

        /** The column for the menu of the columns, of which a phone has no choice. */
        get hasActionsColumn() {
            return !this.env.isSmall && super.hasActionsColumn;
        }
    };

registry.category("views").add("followup_phone_list", {
    ...listView,
    Controller: FollowupListController,
    Renderer: withPhoneColumns(ListRenderer),
});
