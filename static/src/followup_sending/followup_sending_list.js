import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { Component, onMounted, onWillStart, status, useState } from "@odoo/owl";

import { FollowupListController } from "../followup_list/followup_list";
import { withPhoneColumns } from "../followup_phone_list/followup_phone_list";
import { FollowupSendingDialog, openSendingRows } from "./followup_sending_dialog";

// What a row says once its turn has come
const OUTCOMES = ["sent", "failed", "dropped"];

// How often a page asks whether another one, perhaps closed by now, has added the rest
const ASK_AGAIN = 1000;

/**
 * What is ticked, in figures, and the button that sends it; above the list.
 *
 * A large ledger shows its first customers at once; the others are added while one looks.
 */
export class FollowupSendingSummary extends Component {
    static template = "account_payment_followup.SendingSummary";
    static props = { list: Object };

    format = formatInteger;

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.sendingId = this.props.list.context.sending_id;
        this.state = useState({ summary: null });
        onWillStart(() => this.load());
        onMounted(() => this.complete());
        useBus(this.props.list.model.bus, "update", () => this.load());
    }

    get title() {
        const { customers, state } = this.state.summary;
        if (state === "done") {
            return _t("Sending finished");
        }
        return customers === 1
            ? _t("1 customer")
            : _t("%s customers", formatInteger(customers));
    }

    get canSend() {
        const { customers, state } = this.state.summary;
        return customers && !["preparing", "done"].includes(state);
    }

    get isPreparing() {
        return this.state.summary?.state === "preparing";
    }

    async complete() {
        while (this.isPreparing && status(this) !== "destroyed") {
            const isComplete = await this.orm.silent.call(
                "payment.followup.sending",
                "action_complete",
                [[this.sendingId]]
            );
            if (isComplete) {
                await this.reload();
                return;
            }
            await new Promise((resolve) => browser.setTimeout(resolve, ASK_AGAIN));
        }
    }

    async load() {
        if (!this.sendingId) {
            return;
        }
        const summary = await this.orm.call("payment.followup.sending", "get_summary", [
            [this.sendingId],
        ]);
        if (!summary) {
            // A browser that was left open for days comes back to a page that is gone
            this.refresh();
        }
        this.state.summary = summary;
    }

    async send() {
        await this.load();
        if (!this.state.summary) {
            return;
        }
        this.dialog.add(FollowupSendingDialog, {
            sendingId: this.sendingId,
            onChange: () => this.reload(),
            openRows: (state) => this.openRows(state),
        });
    }

    async reload() {
        if (status(this) === "destroyed") {
            return;
        }
        const { model } = this.props.list;
        await model.root.load();
        model.notify();
    }

    refresh() {
        this.action.doAction("account_payment_followup.payment_followup_sending_open", {
            stackPosition: "replaceCurrentAction",
        });
    }

    openRows(state) {
        openSendingRows(this.action, this.sendingId, state);
    }
}

export class FollowupSendingRenderer extends withPhoneColumns(ListRenderer) {
    static template = "account_payment_followup.SendingRenderer";
    static components = {
        ...ListRenderer.components,
        FollowupSendingSummary,
    };

    /** Where no group says by what channel, a customer with two would seem to get two. */
    computeOptionalActiveFields() {
        const active = super.computeOptionalActiveFields();
        active.kind ||= !this.props.list.isGrouped;
        return active;
    }

    /** Leave out the columns that would be empty in all rows as they are shown now. */
    getActiveColumns() {
        const { isGrouped } = this.props.list;
        const isOver = this.hasOutcome(this.props.list);
        return super.getActiveColumns().filter(({ name }) => {
            return name === "status" ? isOver : name !== "customer_count" || isGrouped;
        });
    }

    /** Whether anything became of a row, in an open group or in the list. */
    hasOutcome({ groups, records }) {
        return groups
            ? groups.some((group) => this.hasOutcome(group.list))
            : records.some((record) => OUTCOMES.includes(record.data.state));
    }
}

export class FollowupSendingController extends FollowupListController {
    isOnlyOff = false;

    /** Once all is sent, the button to send it is gone, from which the dialog came. */
    get firstStop() {
        return this.rootRef.el?.querySelector(".o_followup_sending button:last-of-type");
    }
}

registry.category("views").add("followup_sending_list", {
    ...listView,
    Controller: FollowupSendingController,
    Renderer: FollowupSendingRenderer,
});
