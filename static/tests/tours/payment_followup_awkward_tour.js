import { registry } from "@web/core/registry";

/** Check that nothing on the page is wider than the page. */
function seeNothingCut() {
    return {
        content: "a name of ninety letters stays in its column",
        trigger: ".o_form_view .o_followup_head h1:contains('Ninety')",
        run() {
            const screen = this.anchor.ownerDocument;
            for (const box of screen.querySelectorAll(".o_content, .o_form_sheet, .o_followup_head > div")) {
                if (box.scrollWidth > box.clientWidth + 1) {
                    throw new Error(`${box.className}: ${box.scrollWidth} in ${box.clientWidth}`);
                }
            }
        },
    };
}

/** Check that a day is said in days, whatever month it is in. */
function seeDays(row, days) {
    return {
        content: `the item says ${days}`,
        trigger: `[name='line_ids'] ${row} [name='date_due']:contains('${days}')`,
    };
}

/** Look at the dialogs: nothing in them leads away from what is being written. */
function lookAtDialogs(row) {
    return [
        {
            content: "look at what can be sent",
            trigger: "button[name='action_open_send_wizard']",
            run: "click",
        },
        {
            content: "the name of the customer leads nowhere",
            trigger: ".modal [name='partner_id']:not(:has(a)):contains('Ninety')",
        },
        {
            content: "look at its invoices",
            trigger: ".modal .nav-link[name='lines']",
            run: "click",
        },
        {
            content: "an invoice of the list leads nowhere either",
            trigger: `.modal [name='line_ids'] ${row}:contains('INV')`,
            run: "click",
        },
        {
            content: "close it",
            trigger: "body:not(:has(.modal:nth-of-type(2))) .modal button[special='cancel']",
            run: "click",
        },
        {
            content: "it is closed, and nothing else is open",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ];
}

const ROW = ".o_data_row:nth-child";
const CARD = ".o_kanban_record:nth-child";

for (const [name, customer, item] of [
    ["payment_followup_awkward", ".o_data_cell[name='partner_id']", ROW],
    ["payment_followup_awkward_phone", ".o_kanban_record", CARD],
]) {
    registry.category("web_tour.tours").add(name, {
        url: "/odoo/customer-statements",
        steps: () => [
            {
                content: "open the customer",
                trigger: `${customer}:contains('Ninety')`,
                run: "click",
            },
            seeNothingCut(),
            seeDays(`${item}(1)`, "45 days ago"),
            seeDays(`${item}(2)`, "Yesterday"),
            seeDays(`${item}(3)`, "In 5 days"),
            ...lookAtDialogs(`${item}(1)`),
        ],
    });
}
