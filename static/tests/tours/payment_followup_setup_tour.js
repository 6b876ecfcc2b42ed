import { registry } from "@web/core/registry";

// Without words: the same steps in every language, from the left or from the right.
registry.category("web_tour.tours").add("payment_followup_setup", {
    url: "/odoo/settings",
    steps: () => [
        {
            content: "go to the settings of accounting",
            trigger: ".settings_tab .tab[data-key='account']",
            run: "click",
        },
        {
            content: "nothing but the switch is there while the feature is off",
            trigger: ".app_settings_block:not(:has(#payment_followup_plan_setting))",
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
            content: "choose the one with six steps",
            trigger: ".modal input[data-value='six_steps']",
            run: "click",
        },
        {
            content: "its steps are drawn, the due date among them",
            trigger: ".modal .o_followup_timeline:has(.o_followup_step:nth-child(6)) .o_followup_due",
        },
        {
            content: "take it",
            trigger: ".modal button[name='action_apply']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the plan is above its six levels",
            trigger: ".o_list_view:has(.o_data_row:nth-child(6)) .o_followup_timeline",
        },
        {
            content: "open the first level",
            trigger: ".o_data_row:first-child .o_data_cell[name='description']",
            run: "click",
        },
        {
            content: "stand in the words to the customer",
            trigger: "[name='note'] .odoo-editor-editable",
            run: "click",
        },
        {
            content: "the button to their translations is beside them",
            trigger: "[name='note'] button.o_field_translate",
            run() {
                const button = this.anchor.getBoundingClientRect();
                const words = this.anchor.closest("[name='note']").getBoundingClientRect();
                const isInside =
                    button.top >= words.top &&
                    button.bottom <= words.bottom &&
                    button.left >= words.left &&
                    button.right <= words.right;
                if (!isInside) {
                    throw new Error(`It is ${words.top - button.top} pixels above`);
                }
            },
        },
        {
            content: "look at what the customer gets",
            trigger: "button[name='action_preview']",
            run: "click",
        },
        {
            content: "the message is a page of its own",
            trigger: ".modal iframe.o_followup_page",
        },
        {
            content: "close it",
            trigger: ".modal-footer button[special='cancel'], .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the level is still there",
            trigger: "body:not(:has(.modal)) .o_form_view [name='frequency']",
        },
    ],
});
