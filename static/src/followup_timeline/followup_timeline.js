import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUpdateProps, useState } from "@odoo/owl";

/**
 * The levels of a plan on a line, with the due date as a mark.
 *
 * Distances grow with the square root of the days, so that a week and a month differ and
 * both can be read. The sentence of the step under the pointer, or in focus, is below.
 */
export class FollowupTimeline extends Component {
    static template = "account_payment_followup.FollowupTimeline";
    static props = { steps: Array };

    setup() {
        this.state = useState({ text: "" });
        onWillUpdateProps(() => {
            this.state.text = "";
        });
    }

    /** The steps in their order, the due date among them, each with its distance to the next. */
    get marks() {
        const marks = this.props.steps.map((step, index) => ({
            ...step,
            key: index,
            isDue: step.delay === 0,
            day: this.formatDay(step.delay),
        }));
        if (!marks.some((mark) => mark.isDue)) {
            marks.push({ key: "due", delay: 0, isDue: true, channels: [], day: _t("Due date") });
        }
        marks.sort((a, b) => a.delay - b.delay);
        return marks.map((mark, index) => ({
            ...mark,
            distance: index + 1 < marks.length ? Math.sqrt(marks[index + 1].delay - mark.delay) : 1,
        }));
    }

    formatDay(delay) {
        if (!delay) {
            return _t("Due date");
        }
        return `${delay < 0 ? "−" : "+"}${Math.abs(delay)}`;
    }

    show(mark) {
        this.state.text = mark.description || "";
    }
}

export class FollowupTimelineField extends Component {
    static template = "account_payment_followup.FollowupTimelineField";
    static components = { FollowupTimeline };
    static props = { ...standardFieldProps };

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("followup_timeline", {
    component: FollowupTimelineField,
    supportedTypes: ["json"],
});
