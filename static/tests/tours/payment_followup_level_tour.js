import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains('${name}')`;
const FOUND = `.o_searchview_facet:contains('L2')) ${row("Tour Delta")}`;

/** Check how many promises the group of a level says were broken. */
function seeBroken(level, count) {
    return {
        content: `${level}: broken promises: ${count || "none"}`,
        trigger: `.o_group_header:contains('${level}')`,
        run() {
            const numbers = [...this.anchor.querySelectorAll(".o_list_number")];
            const texts = numbers.map((cell) => cell.textContent.trim());
            if (texts.includes("0") || !texts.includes(count)) {
                throw new Error(texts.join(" | "));
            }
        },
    };
}

/**
 * The customers at one level: chosen in the filters, kept while one looks at one of them; then
 * what is in litigation, with its amount, and all of them by level.
 */
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
        {
            content: "look at what is in litigation instead",
            trigger: ".o_searchview_facet:contains('L2') .o_facet_remove",
            run: "click",
        },
        {
            content: "open the filters",
            trigger: `.o_list_view:has(${row("Tour Alpha")}) .o_searchview_dropdown_toggler`,
            run: "click",
        },
        {
            content: "choose it",
            trigger: ".o_filter_menu .o_menu_item:contains('Litigation')",
            run: "click",
        },
        {
            content: "the amount in litigation has a column and a total",
            trigger: `.o_list_view:has(.o_list_footer:contains('5,000.00')) ${row("Tour Alpha")} [name='amount_excluded']:contains('5,000.00')`,
        },
        {
            content: "look at all, by level",
            trigger: ".o_searchview_facet:contains('Litigation') .o_facet_remove",
            run: "click",
        },
        {
            content: "open the filters",
            trigger: ".o_list_view:not(:has(.o_list_footer:contains('5,000.00'))) .o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "choose the level",
            trigger: ".o_group_by_menu .o_menu_item:contains('Level due')",
            run: "click",
        },
        seeBroken("L1", ""),
        seeBroken("L2", "2"),
    ],
});
