import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains('${name}')`;
const FOUND = `.o_searchview_facet:contains('L2')) ${row("Tour Delta")}`;

/** The customers at one level: chosen in the filters, kept while one looks at one of them. */
registry.category("web_tour.tours").add("payment_followup_level", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "four customers are due; look for a level",
            trigger: `.o_list_view:has(${row("Tour Alpha")}):has(${row("Tour Delta")}) .o_searchview_dropdown_toggler`,
            run: "click",
        },
        {
            content: "the plan has three: choose the second",
            trigger:
                ".o_filter_menu:has(.o_menu_item:contains('L1')):has(.o_menu_item:contains('L3')) .o_menu_item:contains('L2')",
            run: "click",
        },
        {
            content: "one customer is at it; open it",
            trigger: `.o_list_view:not(:has(${row("Tour Alpha")})):has(${FOUND} [name='partner_id']`,
            run: "click",
        },
        {
            content: "come back",
            trigger: ".o_form_view .o_back_button a, .o_form_view .breadcrumb-item a",
            run: "click",
        },
        {
            content: "the filter is still there, once",
            trigger: `.o_list_view:not(:has(${row("Tour Alpha")})):has(${FOUND}`,
        },
    ],
});
