import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    CopyClipboardCharField,
    copyClipboardCharField,
} from "@web/views/fields/copy_clipboard/copy_clipboard_field";

/** Text to be copied by a button that says so: Odoo's has an icon alone. */
export class FollowupCopyField extends CopyClipboardCharField {
    static template = "account_payment_followup.FollowupCopyField";

    setup() {
        super.setup();
        this.copyText = _t("Copy");
    }
}

registry.category("fields").add("followup_copy", {
    ...copyClipboardCharField,
    component: FollowupCopyField,
});
