import { registry } from "@web/core/registry";

import { press, reach } from "./keyboard";

const LIST = "body:not(:has(.modal)) .o_list_view";
const BUTTON = ".o_statusbar_buttons button:first-child:focus";
const SELECTED = ".o_data_row_selected ~ .o_data_row_selected ~ .o_data_row_selected";
const row = (place) => `.o_data_row:nth-child(${place})`;

/** Three customers at once, in a dialog; then without the filter to one of them and back. */
registry.category("web_tour.tours").add("payment_followup_keyboard_many", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "select three customers",
            trigger: `body:has(.o_searchview_input:focus) ${row(3)}`,
            run: () => press("ArrowDown", "ArrowDown", "Space", "ArrowDown", "Space", "ArrowDown", "Space"),
        },
        {
            content: "assign them to somebody",
            trigger: SELECTED,
            run: () => press("Alt+y"),
        },
        {
            content: "or rather not",
            trigger: ".modal [name='responsible_id'] input:focus",
            run: () => press("Alt+x"),
        },
        {
            content: "they are still selected; send to them",
            trigger: `body:not(:has(.modal)) ${SELECTED}`,
            run: () => press("Alt+r"),
        },
        {
            content: "or rather not",
            trigger: ".modal .o_followup_start:focus",
            run: () => press("Escape"),
        },
        {
            content: "they are still selected; plan their next reminder",
            trigger: `body:not(:has(.modal)) ${SELECTED}`,
            run: () => press("Alt+w"),
        },
        {
            content: "or rather not",
            trigger: ".modal [name='plan'] input:checked:focus",
            run: () => press("Escape"),
        },
        {
            content: "or rather yes",
            trigger: `body:not(:has(.modal)) ${SELECTED}`,
            run: () => press("Alt+w"),
        },
        {
            content: "one stands on the choice; back",
            trigger: ".modal [name='plan'] input:checked:focus",
            run: () => press("Shift+Tab"),
        },
        {
            content: "is the end of the dialog, not the page behind; forth, and choose a day",
            trigger: ".modal .modal-footer button:last-child:focus",
            run: () => press("Tab", "ArrowDown"),
        },
        {
            content: "the day has a field",
            trigger: ".modal:has([name='plan'] input:checked:focus) [name='date'] input",
            run: () => reach("[name='date'] input"),
        },
        {
            content: "in a week",
            trigger: ".modal [name='date'] input:focus",
            run: () => press(..."+7d", "Alt+q"),
        },
        {
            content: "nothing is left to do, one stands in the search; look at all",
            trigger: `${LIST}:has(.o_view_nocontent) .o_searchview_input:focus`,
            run: () => press("Backspace"),
        },
        {
            content: "open the second customer",
            trigger: `${LIST}:not(:has(.o_searchview_facet)) ${row(3)}`,
            run: () => press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"),
        },
        {
            content: "and come back",
            trigger: `.o_form_view ${BUTTON}`,
            run: () => press("Alt+b"),
        },
        {
            content: "one stands at that customer",
            trigger: `${LIST} ${row(2)}:focus-within`,
        },
    ],
});

/** Many reminders at once: read one, come back to it, send; enter twice stops nothing. */
registry.category("web_tour.tours").add("payment_followup_keyboard_sending", {
    steps: () => [
        {
            content: "open the group",
            trigger: ".o_followup_sending .o_followup_send",
            run: () => press("ArrowDown", "ArrowDown", "Enter"),
        },
        {
            content: "open the second message",
            trigger: row(3),
            run: () => press("ArrowDown", "ArrowDown", "ArrowRight", "Enter"),
        },
        {
            content: "come back",
            trigger: ".o_form_view [name='message_html'] :iframe td",
            run: () => press("Alt+b"),
        },
        {
            content: "one stands at that message; send all",
            trigger: `${LIST} ${row(3)}:focus-within`,
            run: () => press("Alt+r"),
        },
        {
            content: "it asks; press enter once more than needed",
            trigger: ".modal .o_followup_start:focus",
            run: () => press("Enter", "Enter"),
        },
        {
            content: "all are sent, one stands on the button that closes",
            trigger: ".modal:has(a:contains('3')) .o_followup_close:focus",
            run: () => press("Enter"),
        },
        {
            content: "and then on the one to look for others",
            trigger: "body:not(:has(.modal)) .o_followup_sending button:last-of-type:focus",
        },
    ],
});

/** Look at a task, come back to it, and do it. */
registry.category("web_tour.tours").add("payment_followup_keyboard_tasks", {
    url: "/odoo/follow-up-tasks",
    steps: () => [
        {
            content: "open the second task",
            trigger: `body:has(.o_searchview_input:focus) ${row(2)}`,
            run: () => press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter"),
        },
        {
            content: "one stands on the first button of the customer's statement; come back",
            trigger: `.o_form_view ${BUTTON}`,
            run: () => press("Alt+b"),
        },
        {
            content: "one stands at the task; select it",
            trigger: `${LIST} ${row(2)} input:focus`,
            run: () => press("Space"),
        },
        {
            content: "it is done",
            trigger: `${LIST} ${row(2)}.o_data_row_selected`,
            run: () => press("Alt+r"),
        },
        {
            content: "one stands at the one that is left",
            trigger: `${LIST}:not(:has(${row(2)})) ${row(1)} input:focus`,
        },
    ],
});
