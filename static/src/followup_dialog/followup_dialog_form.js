import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { getTabableElements } from "@web/core/utils/ui";
import { formView } from "@web/views/form/form_view";
import { useEffect, useExternalListener } from "@odoo/owl";

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
                    this.choice?.focus();
                }
            },
            () => [this.rootRef.el]
        );
        useExternalListener(window, "keydown", this.stayInDialog.bind(this), { capture: true });
    }

    get choice() {
        const choices = ".o_field_radio:first-of-type input";
        const form = this.rootRef.el;
        return form?.querySelector(`${choices}:checked`) || form?.querySelector(choices);
    }

    /**
     * The tab key goes round in a dialog. Odoo looks out for its first radio button; browsers
     * stop at the one that is chosen, and would go on to the page behind.
     */
    stayInDialog(event) {
        const dialog = this.ui.activeElement;
        if (event.key !== "Tab" || dialog === document || !dialog.contains(this.rootRef.el)) {
            return;
        }
        const stops = getTabableElements(dialog);
        const last = stops.at(-1);
        const [from, to] = event.shiftKey ? [this.choice, last] : [last, this.choice];
        if (document.activeElement === from && stops[0].name === this.choice?.name) {
            to.focus();
            event.preventDefault();
            event.stopPropagation();
        }
    }
}

registry.category("views").add("followup_dialog_form", {
    ...formView,
    Controller: FollowupDialogFormController,
});
