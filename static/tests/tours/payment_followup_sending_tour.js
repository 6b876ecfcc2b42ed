import { registry } from "@web/core/registry";

const MODULE = "account_payment_followup";
const row = (customer) => `.o_data_row:contains('${customer}')`;

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
        {
            content: "three customers are due",
            trigger: ".o_followup_sending:contains('3 customers')",
        },
        {
            content: "look into the group of the level and its channel",
            trigger: ".o_group_header:contains('L1: E-mail')",
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
        {
            content: "two are left",
            trigger: ".o_followup_sending:contains('2 customers')",
        },
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
            trigger: ".modal:contains('Done') a:contains('Sent: 2')",
        },
        {
            content: "close it",
            trigger: ".modal .o_followup_close",
            run: "click",
        },
        {
            content: "the rows say so",
            trigger: ".o_followup_sending:contains('Sent: 2')",
        },
    ],
});
