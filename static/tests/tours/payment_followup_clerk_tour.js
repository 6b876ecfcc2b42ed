import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";

const { DateTime } = luxon;

/** Check on the page of one customer that it is this one. */
function seeCustomer(name) {
    return {
        content: `the page of ${name} is open`,
        trigger: `.o_form_view .o_followup_head h1:contains('${name}')`,
    };
}

/** Check that the focus is on what the step points at. */
function standThere() {
    if (document.activeElement !== this.anchor) {
        throw new Error(`The focus is on ${document.activeElement.outerHTML}`);
    }
}

/** Write the customer's text; the words are the only ones that depend on a language. */
function writeText(text) {
    return {
        content: "change the words",
        trigger: ".modal [name='text'] .odoo-editor-editable",
        run: `editor ${text}`,
    };
}

/**
 * A clerk's day, from the list to the message that leaves.
 *
 * No step looks for words, so that the same day passes in every language, from the left
 * or from the right; the first step checks which.
 */
function getDay(direction) {
    return () => [
        {
            content: `the page runs ${direction}`,
            trigger: ".o_list_view",
            run() {
                const found = getComputedStyle(document.body).direction;
                if (found !== direction || localization.direction !== direction) {
                    throw new Error(`The page runs ${found}, not ${direction}`);
                }
            },
        },
        {
            content: "the list opens with what is to do today, the most urgent first",
            trigger:
                "body:has(.o_facet_value) .o_data_row:nth-child(1):contains('Tour Alpha') + .o_data_row:contains('Tour Beta')",
        },
        {
            content: "turn the traffic light of the first customer red",
            trigger: ".o_data_row:contains('Tour Alpha') .o_followup_lamp:last-child",
            run: "click",
        },
        {
            content: "it is red, and says so to a screen reader",
            trigger:
                ".o_data_row:contains('Tour Alpha') .o_followup_lamp:last-child[aria-pressed='true']",
        },
        {
            content: "open the customer",
            trigger: ".o_data_row .o_data_cell[name='partner_id']:contains('Tour Alpha')",
            run: "click",
        },
        seeCustomer("Tour Alpha"),
        {
            content: "what is owed is drawn and written",
            trigger: ".o_followup_aging .o_followup_bar + ul li bdi",
        },
        {
            content: "exclude the older invoice",
            trigger:
                "[name='line_ids'] .o_data_row:nth-child(1) .o_data_cell[name='no_followup'] .o_boolean_toggle input",
            run: "click",
        },
        {
            content: "it is saved at once, and the item says that it is left out",
            trigger:
                ".o_form_saved [name='line_ids'] .o_data_row:nth-child(1).text-muted",
        },
        {
            content: "enter the day on which the other is promised",
            trigger:
                "[name='line_ids'] .o_data_row:nth-child(2) .o_data_cell[name='expected_payment_date']",
            run: "click",
        },
        {
            content: "in ten days",
            trigger:
                "[name='line_ids'] .o_data_row:nth-child(2) .o_data_cell[name='expected_payment_date'] input",
            async run({ edit }) {
                const day = DateTime.now().plus({ days: 10 });
                await edit(day.toFormat(localization.dateFormat));
            },
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is saved, and the second item says that it is promised",
            trigger:
                ".o_form_saved [name='line_ids'] .o_data_row:nth-child(2).text-muted",
        },
        {
            content: "go on to the next customer without going back",
            trigger: ".o_pager_next",
            run: "click",
        },
        seeCustomer("Tour Beta"),
        {
            content: "log a call",
            trigger: "button[name='action_open_note_wizard']",
            run: "click",
        },
        {
            content: "the dialog begins with its first field",
            trigger: ".modal [name='kind'] input:checked",
            run: standThere,
        },
        {
            content: "who promises is asked again the day after, and is offered no other",
            trigger: ".modal input[data-value='promised']",
            run: "click",
        },
        {
            content: "think better of it",
            trigger: ".modal:not(:has([name='ask_again'])) button[special='cancel']",
            run: "click",
        },
        {
            content: "one stands on the button again that opened the dialog",
            trigger: "body:not(:has(.modal)) button[name='action_open_note_wizard']",
            run: standThere,
        },
        {
            content: "log the call after all",
            trigger: "button[name='action_open_note_wizard']",
            run: "click",
        },
        {
            content: "nobody answered",
            trigger: ".modal input[data-value='no_answer']",
            run: "click",
        },
        {
            content: "ask again in one week",
            trigger: ".modal input[data-value='1w']",
            run: "click",
        },
        {
            content: "log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "the customer is paused: no reminder is due any more",
            trigger:
                "body:not(:has(.modal)) .o_statusbar_buttons:not(:has(.btn-primary[name='action_open_send_wizard']))",
        },
        {
            content: "go on to the last customer",
            trigger: ".o_pager_next",
            run: "click",
        },
        seeCustomer("Tour Gamma"),
        {
            content: "without a mouse, one stands on the first button",
            trigger: "button.btn-primary[name='action_open_send_wizard']",
            run: standThere,
        },
        {
            content: "the reminder is for today, whatever day it became due on",
            trigger: "[name='next_date'] span",
            run() {
                if (/^$|\p{Number}/u.test(this.anchor.textContent)) {
                    throw new Error(`A day, not today: ${this.anchor.textContent}`);
                }
            },
        },
        {
            content: "look at the reminder",
            trigger: "button.btn-primary[name='action_open_send_wizard']",
            run: "click",
        },
        writeText("We spoke this morning. Kind regards"),
        {
            content: "the tab key leads out of the words",
            trigger: ".modal [name='text'] .odoo-editor-editable[dir='auto']",
            run() {
                const tab = { key: "Tab", bubbles: true, cancelable: true };
                if (!this.anchor.dispatchEvent(new KeyboardEvent("keydown", tab))) {
                    throw new Error("The words keep the tab key");
                }
            },
        },
        {
            content: "send it",
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "it is on its way",
            trigger: ".o_notification:contains('Tour Gamma')",
        },
        {
            content: "back in the list",
            trigger: ".o_breadcrumb .breadcrumb-item a, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "nothing is left to do",
            trigger: ".o_view_nocontent",
        },
    ];
}

registry.category("web_tour.tours").add("payment_followup_clerk_day", {
    url: "/odoo/customer-statements",
    steps: getDay("ltr"),
});

registry.category("web_tour.tours").add("payment_followup_clerk_day_rtl", {
    url: "/odoo/customer-statements",
    steps: getDay("rtl"),
});
