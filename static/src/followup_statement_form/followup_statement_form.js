import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { useEffect } from "@odoo/owl";

import { useFocusReturn } from "../followup_focus/followup_focus";
import { lastOpened, useKeptPlace } from "../followup_place/followup_place";

/**
 * A customer's statement: whoever comes to it, also from the customer before, stands on its
 * first button. Odoo does that for forms that only show; this one can always be edited, and
 * without the mouse the way to its buttons would lead through the whole navigation bar.
 */
export class FollowupStatementFormController extends FormController {
    setup() {
        super.setup();
        useFocusReturn();
        useKeptPlace(this.rootRef, () => this.firstButton);
        useEffect(
            () => {
                lastOpened.resId = this.model.root.resId;
                if (!this.env.isSmall) {
                    this.firstButton?.focus();
                }
            },
            () => [this.model.root.resId]
        );
    }

    get firstButton() {
        return this.rootRef.el?.querySelector(".o_statusbar_buttons button[name]");
    }
}

registry.category("views").add("followup_statement_form", {
    ...formView,
    Controller: FollowupStatementFormController,
});
