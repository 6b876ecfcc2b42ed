import { registry } from "@web/core/registry";

const MODULE = "account_payment_followup";
const row = (customer) => `.o_data_row:contains('${customer}')`;

/** Check how many customers are ticked: the figure is the same in every language. */
function seeCount(count) {
    return {
        content: `${count} customers are ticked`,
        trigger: `.o_followup_sending .fs-4:contains('${count}')`,
    };
}

/**
 * Many reminders at once: look, leave one out, send.
 *
 * No step looks for words, so that it passes in every language, from the left or from
 * the right.
 */
registry.category("web_tour.tours").add("payment_followup_sending", {
    steps: () => [
        {
            content: "open the section Sales",
            trigger: `.o_menu_sections [data-menu-xmlid="${MODULE}.payment_followup_menu_sales"]`,
            run: "click",
        },
        {
            content: "open the sending of many reminders",
            trigger: `[data-menu-xmlid="${MODULE}.payment_followup_menu_send"]`,
            run: "click",
        },
        seeCount(3),
        {
            content: "look into the group of the level and its channel",
            trigger: ".o_group_header:contains('L1')",
            run: "click",
        },
        {
            content: "open a message",
            trigger: `${row("Tour One")} [name='partner_id']`,
            run: "click",
        },
        {
            content: "read it as it will leave",
            trigger: "[name='message_html'] :iframe td:contains('111.00')",
        },
        {
            content: "go back",
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "leave one customer out",
            trigger: `${row("Tour Two")} .o_field_followup_tick input`,
            run: "click",
        },
        seeCount(2),
        {
            content: "send",
            trigger: ".o_followup_send",
            run: "click",
        },
        {
            content: "it asks first",
            trigger: ".modal .o_followup_start",
            run: "click",
        },
        {
            content: "see the result",
            trigger: ".modal:has(.o_followup_close) a:contains('2')",
        },
        {
            content: "close it",
            trigger: ".modal .o_followup_close",
            run: "click",
        },
        {
            content: "the rows say so",
            trigger: ".o_followup_sending a.text-bg-success:contains('2')",
            run: "click",
        },
        {
            content: "what was sent: nothing is there to tick, and each row has its outcome",
            trigger:
                ".o_list_view thead:has([data-name='kind']):has([data-name='status']):not(:has([data-name='is_selected']))",
        },
    ],
});

/** Many customers at once from the work list: who looks after them, and when to ask. */
registry.category("web_tour.tours").add("payment_followup_many", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "choose all customers",
            trigger: ".o_list_view:has(.o_data_row) thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "say who looks after them",
            trigger: "button[name='action_open_assign_wizard']",
            run: "click",
        },
        {
            content: "look for myself",
            trigger: ".modal .o_field_widget[name='responsible_id'] input",
            run: "edit followup_sender",
        },
        {
            content: "take myself",
            trigger: ".o-autocomplete--dropdown-item:contains('followup_sender')",
            run: "click",
        },
        {
            content: "assign",
            trigger: ".modal button[name='action_assign']",
            run: "click",
        },
        {
            content: "choose two of them",
            trigger: `body:not(:has(.modal)) ${row("Tour One")}:contains('followup_sender') .o_list_record_selector input:not(:checked)`,
            run: "click",
        },
        {
            content: "the second",
            trigger: `${row("Tour Two")} .o_list_record_selector input:not(:checked)`,
            run: "click",
        },
        {
            content: "plan their next reminder",
            trigger: "button[name='action_open_hold_wizard']",
            run: "click",
        },
        {
            content: "by hand from now on",
            trigger: ".modal input[data-value='manual']",
            run: "click",
        },
        {
            content: "save",
            trigger: ".modal button[name='action_plan']",
            run: "click",
        },
        {
            content: "the list is there again: choose all",
            trigger:
                "body:not(:has(.modal)) .o_list_view:has(.o_data_row:nth-child(3)) thead .o_list_record_selector input:not(:checked)",
            run: "click",
        },
        {
            content: "send what is due, by hand or not",
            trigger: "button[name='action_send_due']",
            run: "click",
        },
        {
            content: "it shows how many, and asks",
            trigger: ".modal:has(p b:contains('3')) .o_followup_start",
            run: "click",
        },
        {
            content: "see the result",
            trigger: ".modal:has(a:contains('3')) .o_followup_close",
            run: "click",
        },
        {
            content: "nobody is to be reminded any more",
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row))",
        },
    ],
});
