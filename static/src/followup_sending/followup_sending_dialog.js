import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useChildRef, useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { Component, onWillStart, onWillUnmount, useEffect, useState } from "@odoo/owl";

const MODEL = "payment.followup.sending";

// How often a dialog looks how far others are who send the same, in milliseconds
const LOOK_AGAIN = 1000;

/** Open the rows of a sending that ended as ``state`` says. */
export function openSendingRows(action, sendingId, state) {
    action.doAction({
        type: "ir.actions.act_window",
        name: _t("Send Letters and Emails"),
        res_model: "payment.followup.sending.line",
        domain: [
            ["sending_id", "=", sendingId],
            ["state", "=", state],
        ],
        context: { sending_id: sendingId, followup_outcome: true },
        views: [
            [false, "list"],
            [false, "form"],
        ],
    });
}

/**
 * Sends what is ticked: what it is, then how far it is, then what became of it.
 *
 * The server is asked for one chunk after the other, so that no request takes long. Whoever
 * closes the dialog or the tab leaves the rest to the scheduled action.
 */
export class FollowupSendingDialog extends Component {
    static template = "account_payment_followup.SendingDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        // Of customers chosen in a list: pairs of a name and why nothing is sent
        leftOut: { type: Array, optional: true },
        leftOutMore: { type: Number, optional: true },
        sendingId: Number,
        onChange: Function,
        openRows: Function,
    };

    format = formatInteger;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ stage: "confirm", summary: null, progress: null, pages: null });
        this.modalRef = useChildRef();
        this.isAlive = true;
        this.env.dialogData.dismiss = () => this.state.stage === "confirm" && this.cancel();
        onWillStart(() => this.loadSummary());
        onWillUnmount(() => {
            this.isAlive = false;
        });
        useEffect(
            (modal, stage) => modal && this.standInStage(modal, stage),
            () => [this.modalRef.el, this.state.stage]
        );
    }

    /**
     * Each stage has buttons of its own: without the mouse, one stands on the first. While
     * it is sending that is the one to stop, which a second enter would press.
     */
    standInStage(modal, stage) {
        const first = modal.querySelector(".modal-footer .btn-primary");
        (stage === "running" ? modal : first)?.focus();
    }

    get title() {
        if (!this.state.summary.customers && this.state.stage === "confirm") {
            return _t("No reminder is due");
        }
        return {
            confirm: _t("Send these reminders?"),
            running: _t("Sending…"),
            stopped: _t("Stopped"),
            done: _t("Sending finished"),
        }[this.state.stage];
    }

    get percent() {
        const { done, total } = this.state.progress || { done: 0, total: 0 };
        return total ? Math.round((100 * done) / total) : 0;
    }

    get isCountable() {
        return this.state.summary.channels.some((channel) => channel.is_countable);
    }

    get leftOutMore() {
        return _t("And others: %(count)s.", { count: formatInteger(this.props.leftOutMore) });
    }

    call(method, orm = this.orm) {
        return orm.call(MODEL, method, [[this.props.sendingId]]);
    }

    async loadSummary() {
        this.state.summary = await this.call("get_summary");
        if (this.state.summary.state === "running") {
            this.drive();
        }
    }

    /** Have the letters made and counted, some at a time. */
    async countPages() {
        this.state.pages = { done: 0, total: 1 };
        while (this.isAlive && this.state.pages.done < this.state.pages.total) {
            this.state.pages = await this.call("action_count_pages");
        }
        this.state.pages = null;
        await this.loadSummary();
    }

    /** Once, however often the button is pressed before the server answers. */
    async start() {
        if (this.isStarting) {
            return;
        }
        this.isStarting = true;
        try {
            this.state.progress = await this.call("action_start");
        } finally {
            this.isStarting = false;
        }
        await this.drive();
    }

    async drive() {
        this.state.stage = "running";
        while (this.isAlive && this.state.stage === "running") {
            const before = this.state.progress?.done;
            this.state.progress = await this.call("action_send_chunk", this.orm.silent);
            if (this.state.progress.state !== "running") {
                this.state.stage = this.state.progress.state;
            } else if (this.state.progress.done === before) {
                // The scheduled action or another window sends
                await new Promise((resolve) => browser.setTimeout(resolve, LOOK_AGAIN));
            }
        }
        this.props.onChange();
    }

    async stop() {
        this.state.progress = await this.call("action_stop");
        this.state.stage = this.state.progress.state;
    }

    /** Leave the rest to the scheduled action. */
    async handOver() {
        this.isAlive = false;
        await this.call("action_hand_over");
        this.close();
    }

    open(state) {
        this.props.openRows(state);
        this.props.close();
    }

    cancel() {
        this.props.close({ noReload: true });
    }

    close() {
        this.props.onChange();
        this.props.close();
    }
}

/** Send to the customers whom somebody chose in a list; resolves once that is over. */
function openSendingDialog({ services }, { params }) {
    return new Promise((resolve) => {
        services.dialog.add(
            FollowupSendingDialog,
            {
                leftOut: params.left_out,
                leftOutMore: params.left_out_more,
                onChange: () => {},
                openRows: (state) => openSendingRows(services.action, params.sending_id, state),
                sendingId: params.sending_id,
            },
            // The list below is loaded anew, unless nothing was sent
            { onClose: (infos) => resolve({ type: "ir.actions.act_window_close", infos }) }
        );
    });
}

registry.category("actions").add("payment_followup_sending_dialog", openSendingDialog);
