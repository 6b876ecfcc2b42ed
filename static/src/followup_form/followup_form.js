import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { useEffect } from "@odoo/owl";

import { useKeptPlace } from "../followup_place/followup_place";

// Where one begins: what there is to do, else what there is to look at
const STOPS = [
    ".o_statusbar_buttons button[name].btn-primary",
    ".o_statusbar_buttons button[name]",
    ".o_form_sheet a[href]",
];

/**
 * A page on which one reads and decides: whoever comes to it, also from the one before, stands
 * on its first button, or link. Odoo does that for main buttons only, and for forms that only
 * show; without the mouse the way would lead through the whole navigation bar.
 */
export class FollowupFormController extends FormController {
    setup() {
        super.setup();
        useKeptPlace(this.rootRef, () => this.firstStop);
        useEffect(
            () => {
                if (!this.env.isSmall) {
                    this.firstStop?.focus();
                }
            },
            () => [this.model.root.resId]
        );
    }

    get firstStop() {
        return STOPS.map((selector) => this.rootRef.el?.querySelector(selector)).find(Boolean);
    }
}

registry.category("views").add("followup_form", {
    ...formView,
    Controller: FollowupFormController,
});
