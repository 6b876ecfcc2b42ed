import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

import { followupKanbanView } from "./followup_list";
import {
    FollowupStatementKanbanController,
    FollowupStatementListController,
} from "./followup_statement_list";

/**
 * Leaves *Archive* out of the menu of actions: a task is done, with an outcome, or it is
 * still to do.
 */
const withoutArchive = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.archiveEnabled = false;
        }
    };

registry.category("views").add("followup_task_list", {
    ...listView,
    Controller: withoutArchive(FollowupStatementListController),
});

registry.category("views").add("followup_task_kanban", {
    ...followupKanbanView,
    Controller: withoutArchive(FollowupStatementKanbanController),
});
