{
    "name": "Payment Follow-up",
    "summary": "Remind customers of overdue payments: once, politely, and on time",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Payment Follow-up",
    "license": "LGPL-3",
    "depends": ["account", "account_payment", "resource", "sms", "snailmail"],
    "data": [
        # What the records of the rest refer to
        "security/payment_followup_security.xml",
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/mail_template_data.xml",
        "data/sms_template_data.xml",
        "data/ir_cron_data.xml",
        # Documents
        "report/payment_followup_letter_templates.xml",
        "report/payment_followup_dashboard_views.xml",
        # Screens
        "views/payment_followup_level_views.xml",
        "views/payment_followup_action_views.xml",
        "views/payment_followup_action_search_views.xml",
        "views/payment_followup_customer_views.xml",
        "views/payment_followup_hold_views.xml",
        "views/mail_activity_views.xml",
        "views/payment_followup_statement_views.xml",
        "views/payment_followup_statement_form_views.xml",
        "views/payment_followup_statement_line_views.xml",
        "views/account_bank_statement_line_views.xml",
        "views/account_move_views.xml",
        "views/res_partner_views.xml",
        "views/payment_followup_whatsapp_views.xml",
        "views/payment_followup_phone_views.xml",
        "views/payment_followup_page_templates.xml",
        "views/res_config_settings_views.xml",
        "views/res_config_settings_guard_views.xml",
        "views/res_config_settings_channel_views.xml",
        "wizard/payment_followup_assign_wizard_views.xml",
        "wizard/payment_followup_forecast_views.xml",
        "wizard/payment_followup_level_preview_views.xml",
        "wizard/payment_followup_hold_wizard_views.xml",
        "wizard/payment_followup_note_wizard_views.xml",
        "wizard/payment_followup_plan_wizard_views.xml",
        "wizard/payment_followup_send_wizard_views.xml",
        "wizard/payment_followup_sending_views.xml",
        # Reports
        "report/account_move_line_ledger_views.xml",
        "report/payment_followup_aged_views.xml",
        # Menus last: they point at the actions above
        "views/payment_followup_menus.xml",
    ],
    "demo": [
        # Languages first: customers speak them
        "demo/res_lang_demo.xml",
        "demo/res_company_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/payment_followup_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "account_payment_followup/static/src/**/*",
            ("remove", "account_payment_followup/static/src/followup_forecast/**/*"),
        ],
        # With Odoo's graph view, which is loaded when one is opened
        "web.assets_backend_lazy": [
            "account_payment_followup/static/src/followup_forecast/**/*",
        ],
        "web.assets_tests": [
            "account_payment_followup/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
