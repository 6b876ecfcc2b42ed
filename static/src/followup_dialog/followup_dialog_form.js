import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { useEffect } from "@odoo/owl";

import { FollowupDialogController } from "./followup_dialog";

/**
 * A dialog that begins with a choice: whoever comes to it stands there. Odoo looks for the
 * first field with text, which comes last in these.
 */
export class FollowupDialogFormController extends FollowupDialogController {
    setup() {
        super.setup();
        useEffect(
            (el) => {
                if (el && !hasTouch()) {
                    const choices = ".o_field_radio:first-of-type input";
                    const choice =
                        el.querySelector(`${choices}:checked`) || el.querySelector(choices);
                    choice?.focus();
                }
            },
            () => [this.rootRef.el]
        );
    }
}

registry.category("views").add("followup_dialog_form", {
    ...formView,
    Controller: FollowupDialogFormController,
});
