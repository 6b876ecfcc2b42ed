import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains('${name}')`;
const STATEMENT = ".o_form_view:has([name='line_ids']) h1:contains('Tour Beta')";

/** From the clock in the navigation bar, and from the calendar, to the statement, and to the messages. */
registry.category("web_tour.tours").add("payment_followup_tasks", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "open the menu of the activities",
            trigger: ".o_menu_systray button:has(.fa-clock-o)",
            run: "click",
        },
        {
            content: "two customers have a task",
            trigger: ".o-mail-ActivityGroup[data-model_name='payment.followup.customer']",
            run: "click",
        },
        {
            content: "they are in the list, others are not; open one",
            trigger: `.o_list_view:has(${row("Tour Alpha")}):not(:has(${row("Tour Gamma")})) ${row("Tour Beta")} [name='partner_id']`,
            run: "click",
        },
        {
            content: "it leads to the statement",
            trigger: STATEMENT,
        },
        {
            content: "look at the messages",
            trigger: "button[name='action_open_thread']",
            run: "click",
        },
        {
            content: "they are not called as the statement is; go to the calendar",
            trigger:
                ".o_control_panel:has(.breadcrumb-item:contains('Tour Beta')) .o_last_breadcrumb_item:contains('Messages')",
            run: () =>
                odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
                    "account_payment_followup.payment_followup_task_action",
                    { clearBreadcrumbs: true, viewType: "calendar" }
                ),
        },
        {
            content: "look at a task",
            trigger: ".o_calendar_view .fc-event:contains('Tour Beta')",
            run: "click",
        },
        {
            content: "open it",
            trigger: ".o_cw_popover .o_cw_popover_edit",
            run: "click",
        },
        {
            content: "it leads to the statement, too",
            trigger: STATEMENT,
        },
    ],
});
