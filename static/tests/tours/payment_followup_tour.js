import { registry } from "@web/core/registry";

const MODULE = "account_payment_followup";

/** Open one of our menus in the "Sales" section. */
function openMenu(menu) {
    return [
        {
            content: "open the section Sales",
            trigger: `.o_menu_sections [data-menu-xmlid="${MODULE}.payment_followup_menu_sales"]`,
            run: "click",
        },
        {
            content: "choose the menu",
            trigger: `[data-menu-xmlid="${MODULE}.${menu}"]`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("payment_followup_first_day", {
    url: "/odoo/settings",
    steps: () => [
        {
            content: "go to the settings of accounting",
            trigger: ".settings_tab .tab[data-key='account']",
            run: "click",
        },
        {
            content: "switch the feature on",
            trigger: "#payment_followup_setting .o_field_boolean input:not(:checked)",
            run: "click",
        },
        {
            content: "ask for a ready-made plan",
            trigger: "button[name='action_payment_followup_choose_plan']",
            run: "click",
        },
        {
            content: "take the Basic plan",
            trigger: ".modal button[name='action_apply']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see its three levels",
            trigger: ".o_list_view .o_data_row:nth-child(3) td:contains('Final payment')",
        },
        ...openMenu("payment_followup_menu_statement"),
        {
            content: "turn the traffic light red",
            trigger: ".o_data_row:contains('Tour Customer') .o_followup_lamp:last-child",
            run: "click",
        },
        {
            content: "it is red",
            trigger: ".o_data_row:contains('Tour Customer') .o_followup_lamp.o_on.o_lamp_danger",
        },
        {
            content: "open the customer",
            trigger: ".o_data_row .o_data_cell:contains('Tour Customer')",
            run: "click",
        },
        {
            content: "look at the reminder",
            trigger: "button[name='action_open_send_wizard']:contains('Send reminder')",
            run: "click",
        },
        {
            content: "send it",
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "the reminder is on its way",
            trigger: ".o_notification:contains('Tour Customer')",
        },
        {
            content: "nothing is due any more: only a statement can be sent",
            trigger: "button[name='action_open_send_wizard']:contains('Send statement')",
        },
    ],
});
