import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { useEffect } from "@odoo/owl";

import { FollowupFormController } from "../followup_form/followup_form";
import { lastOpened } from "../followup_place/followup_place";

/** A customer's statement: the list one comes back to knows whose it was. */
export class FollowupStatementFormController extends FollowupFormController {
    setup() {
        super.setup();
        useEffect(
            (resId, resModel) => {
                Object.assign(lastOpened, { resId, resModel });
            },
            () => [this.model.root.resId, this.model.root.resModel]
        );
    }
}

registry.category("views").add("followup_statement_form", {
    ...formView,
    Controller: FollowupStatementFormController,
});
