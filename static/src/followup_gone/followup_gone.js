import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const GONE = "odoo.addons.account_payment_followup.models.payment_followup_decision.NoLongerOpen";
const WORK_LIST = "account_payment_followup.payment_followup_statement_action";

/**
 * A statement is there as long as something is owed: who has the page of a customer open, or
 * comes back to it, after the last payment hears so and is back in the list.
 */
export function followupGoneHandler(env, error, originalError) {
    if (!(originalError instanceof RPCError) || originalError.exceptionName !== GONE) {
        return false;
    }
    error.unhandledRejectionEvent?.preventDefault();
    env.services.notification.add(originalError.data.message, { type: "info" });
    const { action } = env.services;
    if (action.currentController?.props.resModel === "payment.followup.statement") {
        // The page itself has no list behind it where somebody opened its address
        action
            .restore()
            .catch(() => action.doAction(WORK_LIST, { clearBreadcrumbs: true }));
    }
    return true;
}

registry.category("error_handlers").add("followupGoneHandler", followupGoneHandler);
