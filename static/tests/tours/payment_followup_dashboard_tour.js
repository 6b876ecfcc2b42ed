import { registry } from "@web/core/registry";

const MODULE = "account_payment_followup";

registry.category("web_tour.tours").add("payment_followup_dashboard", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "open Odoo's own section of reports",
            trigger: ".o_menu_sections [data-menu-xmlid='account.menu_finance_reports']",
            run: "click",
        },
        {
            content: "choose the dashboard",
            trigger: `[data-menu-xmlid="${MODULE}.payment_followup_menu_dashboard"]`,
            run: "click",
        },
        {
            content: "the bars are drawn",
            trigger: ".o_followup_dashboard .o_followup_chart canvas[width]",
        },
        {
            content: "open what is overdue",
            trigger: ".o_card_overdue:contains('12,000.00')",
            run: "click",
        },
        {
            content: "the list adds up to the card",
            trigger: ".o_list_view tfoot:contains('12,000.00')",
        },
        {
            content: "go back",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "open a customer",
            trigger: ".o_followup_urgent button:contains('Tour Beta')",
            run: "click",
        },
        {
            content: "the statement of this customer is open",
            trigger: ".o_form_view .o_followup_head h1:contains('Tour Beta')",
        },
    ],
});
