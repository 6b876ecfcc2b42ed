import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";

import { press, reach } from "./keyboard";

const { DateTime } = luxon;

const row = (name) => `.o_data_row:contains('${name}')`;
const item = (place) => `[name='line_ids'] .o_data_row:nth-child(${place})`;
const BUTTON = ".o_statusbar_buttons button:first-child:focus";

registry.category("web_tour.tours").add("payment_followup_keyboard", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "from the search box down to the lamps of the first customer",
            trigger: `body:has(.o_searchview_input:focus) ${row("Tour Alpha")}`,
            run: () => press("ArrowDown", "ArrowDown", "ArrowRight", "Tab", "Tab"),
        },
        {
            content: "the enter key presses the lamp",
            trigger: `${row("Tour Alpha")} .o_followup_lamp:last-child:focus`,
            run: () => press("Enter"),
        },
        {
            content: "it is red, one still stands there and in the list; open the customer",
            trigger: `.o_list_view ${row("Tour Alpha")} .o_followup_lamp:last-child[aria-pressed='true']:focus`,
            run: () => press("ArrowRight", "Enter"),
        },
        {
            content: "one comes to the first button, and on to the box that excludes",
            trigger: `.o_form_view:has(h1:contains('Tour Alpha')) ${BUTTON}`,
            run: () => reach("[name='no_followup'] input"),
        },
        {
            content: "exclude the first item",
            trigger: `${item(1)} [name='no_followup'] input:focus`,
            run: () => press("Space"),
        },
        {
            content: "the page is saved and drawn anew, and one stands where one stood",
            trigger: `.o_form_saved ${item(1)}.text-muted [name='no_followup'] input:checked:focus`,
            run: () => press("ArrowDown", "ArrowRight", "Enter"),
        },
        {
            content: "the other item is promised for a day, and a note says by whom",
            trigger: `${item(2)} [name='expected_payment_date'] input:focus`,
            run() {
                const day = DateTime.now().plus({ days: 10 });
                press(...day.toFormat(localization.dateFormat), "Tab", ..."Ms Ortiz");
                press("Alt+s");
            },
        },
        {
            content: "it is saved, one stands on the same item; on to the next customer",
            trigger: `.o_form_saved ${item(2)}.text-muted:contains('Ms Ortiz'):focus-within`,
            run: () => press("Alt+n"),
        },
        {
            content: "log a call",
            trigger: `.o_form_view:has(h1:contains('Tour Beta')) ${BUTTON}`,
            run: () => press("Alt+l"),
        },
        {
            content: "write down what was said",
            trigger: ".modal [name='note'] textarea",
            run: () => reach("[name='note'] textarea"),
        },
        {
            content: "and press the escape key",
            trigger: ".modal [name='note'] textarea:focus",
            run: () => press(..."no answer", "Escape"),
        },
        {
            content: "the words are not lost: it asks",
            trigger: ".modal .modal-footer .btn-primary:focus:contains('Stay here')",
            run: () => press("Enter"),
        },
        {
            content: "back in the words; ask again in one week",
            trigger: "body:not(:has(.modal ~ .modal)) .modal [name='note'] textarea:focus",
            async run() {
                if (document.activeElement.value !== "no answer") {
                    throw new Error("The words are lost");
                }
                await reach("[name='ask_again'] input");
                press("ArrowDown", "Alt+q");
            },
        },
        {
            content: "the call is logged; back to the customer before, and on twice",
            trigger:
                "body:not(:has(.modal)) .o_statusbar_buttons:not(:has(.btn-primary[name='action_open_send_wizard']))",
            run: () => press("Alt+p"),
        },
        {
            content: "each time one stands on the first button",
            trigger: `.o_form_view:has(h1:contains('Tour Alpha')) ${BUTTON}`,
            run: () => press("Alt+n"),
        },
        {
            content: "also where the buttons are others",
            trigger: `.o_form_view:has(h1:contains('Tour Beta')) ${BUTTON}`,
            run: () => press("Alt+n"),
        },
        {
            content: "look at the reminder of the last one",
            trigger: `.o_form_view:has(h1:contains('Tour Gamma')) ${BUTTON}`,
            run: () => press("Alt+r"),
        },
        {
            content: "its words have a name for a screen reader; change them",
            trigger: ".modal [role='textbox'][aria-label='Text']",
            run: () => reach("[role='textbox'][aria-label='Text']"),
        },
        {
            content: "send it",
            trigger: ".modal [role='textbox']:focus",
            run: () => press("Control+a", ..."We spoke this morning", "Alt+q"),
        },
        {
            content: "it is on its way; back to the list",
            trigger: "body:not(:has(.modal)):has(.o_notification:contains('Tour Gamma'))",
            run: () => press("Alt+b"),
        },
        {
            content: "the list has been worked to its end, one stands in the search",
            trigger: ".o_list_view:has(.o_view_nocontent) .o_searchview_input:focus",
        },
    ],
});
