import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A dialog in which somebody writes: the escape key and the cross ask before the words are
 * lost, and after an error one stands in the dialog again, not on the page behind it.
 *
 * The button that cancels does not ask: whoever presses it means it.
 */
export class FollowupDialogController extends FormController {
    setup() {
        super.setup();
        if (this.env.dialogData) {
            this.env.dialogData.dismiss = () => this.askBeforeDismissal();
        }
        // After Odoo, which knows where one stood but for the button that was pressed
        useBus(this.ui.bus, "active-element-changed", () =>
            queueMicrotask(() => this.standAgain())
        );
    }

    /** Odoo closes the dialog once this is done: whoever stays lets it wait for good. */
    async askBeforeDismissal() {
        if (await this.model.root.isDirty()) {
            await new Promise((resolve) => this.askToLeave(resolve));
        }
        this.leave();
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.special !== "cancel" || !this.env.dialogData) {
            return super.beforeExecuteActionButton(clickParams);
        }
        this.leave();
        return false;
    }

    /** Nothing has changed: a list behind the dialog keeps what is selected. */
    leave() {
        this.env.dialogData.close({ noReload: true });
    }

    askToLeave(leave) {
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Discard what you entered?"),
            body: _t("It has not been saved."),
            confirmLabel: _t("Stay here"),
            confirm: () => {},
            cancelLabel: _t("Discard"),
            cancel: leave,
            dismiss: () => {},
        });
    }

    standAgain() {
        const dialog = this.ui.activeElement;
        const isOurs = dialog !== document && dialog.contains(this.rootRef.el);
        if (isOurs && document.activeElement === document.body) {
            dialog.querySelector(".modal-footer .btn-primary")?.focus();
        }
    }
}

registry.category("views").add("followup_dialog", {
    ...formView,
    Controller: FollowupDialogController,
});
