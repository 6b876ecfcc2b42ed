import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

function call(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

/** A colleague withdraws the one invoice of a customer whose page is open. */
registry.category("web_tour.tours").add("payment_followup_paid", {
    url: "/odoo/customer-statements",
    steps: () => [
        {
            content: "open the customer",
            trigger: ".o_data_row .o_data_cell[name='partner_id']:contains('Customer A')",
            run: "click",
        },
        {
            content: "meanwhile nothing is owed any more",
            trigger: ".o_form_view .o_followup_head h1:contains('Customer A')",
            async run() {
                const open = [
                    ["partner_id.name", "=", "Customer A"],
                    ["state", "=", "posted"],
                ];
                const ids = await call("account.move", "search", open);
                await call("account.move", "button_draft", ids);
            },
        },
        {
            content: "plan when to ask again",
            trigger: "button[name='action_open_hold_wizard']",
            run: "click",
        },
        {
            content: "there is nothing to ask for",
            trigger: ".o_notification:contains('Customer A owes nothing any more')",
        },
        {
            content: "one is back in the list, without the customer and without an error",
            trigger: "body:not(:has(.modal)):not(:has(.o_form_view)):not(:has(.o_data_row:contains('Customer A'))) .o_list_view",
        },
    ],
});

/** Somebody opens the address of a page that is gone, from a link say. */
registry.category("web_tour.tours").add("payment_followup_gone", {
    steps: () => [
        {
            content: "the address leads to the list",
            trigger: "body:not(:has(.modal)):not(:has(.o_form_view)) .o_list_view .o_data_row:contains('Customer B')",
        },
    ],
});
