import { registry } from "@web/core/registry";

const MODULE = "account_payment_followup";
const SALES = `.o_menu_sections [data-menu-xmlid="${MODULE}.payment_followup_menu_sales"]`;

/** Choose another company in the menu at the top; the page is loaded anew. */
function switchTo(company) {
    return [
        {
            content: "open the menu of the companies",
            trigger: ".o_switch_company_menu button",
            run: "click",
        },
        {
            content: `go to ${company}`,
            trigger: `.o_switch_company_item .log_into:contains('${company}')`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: `the page is that of ${company}`,
            trigger: `.o_switch_company_menu button:contains('${company}')`,
        },
    ];
}

// The screens to which an address leads without a menu: by their titles, their actions
const SCREENS = {
    "Follow-up Tasks": "task_action",
    "Letters to Print": "letter_action",
    "WhatsApp to Send": "message_action",
    History: "action_action",
    "WhatsApp Messages": "whatsapp_action",
    "When Automatic Sending Waited": "hold_action",
    "Follow-up Levels": "level_action",
    "Receivable Balance": "statement_line_action",
    "Aged Receivable": "statement_action_aged",
};

/** Come to a screen as a list or as the cards of a phone; it says that follow-up is off. */
function comeTo(title, viewType) {
    return [
        {
            content: `come to ${title}, ${viewType}`,
            trigger: ".o_action_manager",
            run: () =>
                odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
                    `${MODULE}.payment_followup_${SCREENS[title]}`,
                    { clearBreadcrumbs: true, viewType }
                ),
        },
        {
            content: "it is empty, says what it is for, and why it is empty",
            trigger: `.o_${viewType}_view:has(.o_last_breadcrumb_item:contains('${title}')):has(.o_view_nocontent) .o_followup_notices .alert:contains('switched off for Other Company')`,
        },
    ];
}

/** From a company that uses follow-up to one that does not, and back, without a new login. */
registry.category("web_tour.tours").add("payment_followup_switch", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "the menu is there",
            trigger: SALES,
        },
        {
            content: "and so is the list, without a word of another company",
            trigger: ".o_list_view:not(:has(.o_followup_notices .alert)) .o_data_row:contains('Tour Customer')",
        },
        ...switchTo("Other Company"),
        {
            content: "the menu is gone",
            trigger: `.o_main_navbar:not(:has(${SALES.split(" ")[1]}))`,
        },
        {
            content: "the list, where one stood, is empty and says why",
            trigger: ".o_list_view:has(.o_view_nocontent) .o_followup_notices .alert:contains('Other Company')",
        },
        ...Object.keys(SCREENS).flatMap((title) => comeTo(title, "list")),
        {
            content: "an address that was kept leads to that list, too",
            trigger: ".o_action_manager",
            run: () =>
                odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
                    `${MODULE}.payment_followup_sending_open`,
                    { clearBreadcrumbs: true }
                ),
        },
        {
            content: "which says why it is empty",
            trigger: ".o_list_view:has(.o_last_breadcrumb_item:contains('Customer Statements')):has(.o_view_nocontent) .o_followup_notices .alert:contains('switched off for Other Company')",
        },
        ...Object.keys(SCREENS)
            .filter((title) => SCREENS[title] !== "hold_action")
            .flatMap((title) => comeTo(title, "kanban")),
        ...switchTo("Tour Company"),
        {
            content: "the menu is back",
            trigger: SALES,
        },
    ],
});

/** One company is on the screen, then two: the same customer may owe both. */
registry.category("web_tour.tours").add("payment_followup_two_companies", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "one company is not named in each row",
            trigger: ".o_list_view:not(:has(.o_followup_company)) .o_data_row:contains('Tour Customer')",
        },
        {
            content: "open the menu of the companies",
            trigger: ".o_switch_company_menu button",
            run: "click",
        },
        {
            content: "look at the other company as well",
            trigger: ".o_switch_company_item:contains('Other Company') [role='menuitemcheckbox']",
            run: "click",
        },
        {
            content: "at both at once",
            trigger: ".o_switch_company_menu_buttons .btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "each row says which company it is about",
            trigger: ".o_data_row:contains('Tour Customer') .o_followup_company:contains('Tour Company')",
        },
        {
            content: "look for a level",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "each is named with its company",
            trigger: ".o_filter_menu .o_menu_item:contains('L1 (Tour Company)')",
            run: "click",
        },
        {
            content: "the customer is at that level",
            trigger: ".o_list_view:has(.o_facet_value:contains('L1 (Tour Company)')) .o_data_row:contains('Tour Customer')",
        },
    ],
});
