import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const GONE = "odoo.addons.account_payment_followup.models.payment_followup_decision.NoLongerOpen";
const WORK_LIST = "account_payment_followup.payment_followup_statement_action";

function openWorkList(action) {
    return action.doAction(WORK_LIST, { clearBreadcrumbs: true });
}

/**
 * A statement is there as long as something is owed: who has the page of a customer open, or
 * comes back to it, after the last payment hears so and is back in the list.
 */
export function followupGoneHandler(env, error, originalError) {
    if (!(originalError instanceof RPCError) || originalError.exceptionName !== GONE) {
        return false;
    }
    error.unhandledRejectionEvent?.preventDefault();
    const { action, notification } = env.services;
    notification.add(originalError.data.message, { type: "info" });
    // To what is behind the page; an address that somebody opened may have nothing there
    const leave = () => action.restore().catch(() => openWorkList(action));
    const page = action.currentController;
    if (!page) {
        openWorkList(action);
    } else if (page.props?.resModel === "payment.followup.statement") {
        leave();
    } else {
        // The browser is about to show the page as it remembers it
        const { res_model, res_id } = originalError.data.context;
        const leaveIfShown = () => {
            const { resModel, resId } = action.currentController?.props || {};
            if (resModel === res_model && resId === res_id) {
                leave();
            }
        };
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", leaveIfShown, { once: true });
    }
    return true;
}

registry.category("error_handlers").add("followupGoneHandler", followupGoneHandler);
