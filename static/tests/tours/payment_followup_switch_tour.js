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
        ...switchTo("Tour Company"),
        {
            content: "the menu is back",
            trigger: SALES,
        },
    ],
});
