import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** The messages with a customer: where the statement leads there, it bears the name already. */
export class FollowupMessagesFormController extends FormController {
    displayName() {
        return this.env.config.breadcrumbs.length > 1 ? _t("Messages") : super.displayName();
    }
}

registry.category("views").add("followup_messages_form", {
    ...formView,
    Controller: FollowupMessagesFormController,
});
