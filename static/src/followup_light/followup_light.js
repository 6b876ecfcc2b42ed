import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillStart } from "@odoo/owl";

/**
 * The traffic light of a customer: three lamps, one click each, in lists, cards and forms.
 *
 * The rating is not written through the record: billing users may set it although they
 * may not write contacts, hence a method of the server. Who may not set it sees it, as does
 * everybody where `options="{'show_only': true}"` says so.
 */
export class FollowupLightField extends Component {
    static template = "account_payment_followup.FollowupLightField";
    static props = { ...standardFieldProps, showOnly: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            this.isEditable =
                !this.props.showOnly && (await user.hasGroup("account.group_account_invoice"));
        });
    }

    get lamps() {
        return [
            { value: "good", label: _t("Good debtor"), color: "success" },
            { value: "normal", label: _t("Normal debtor"), color: "warning" },
            { value: "bad", label: _t("Bad debtor"), color: "danger" },
        ];
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** Press the lamp and nothing else: in a list, Odoo would open the customer as well. */
    onKeydown(event) {
        if (event.key === "Enter") {
            event.stopPropagation();
        }
    }

    async onClick(value) {
        const { record } = this.props;
        await this.orm.call(record.resModel, `action_set_trust_${value}`, [[record.resId]]);
        await record.load();
    }
}

registry.category("fields").add("followup_light", {
    component: FollowupLightField,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ showOnly: Boolean(options.show_only) }),
});
