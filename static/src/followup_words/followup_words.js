import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { Plugin } from "@html_editor/plugin";
import { registry } from "@web/core/registry";

/**
 * Lets the tab key lead on to the next field: Odoo's editor keeps it, to indent. And lets the
 * words run as their language does, which is the customer's and not the user's.
 */
class LetterPlugin extends Plugin {
    static id = "followupLetter";
    // It sets the direction of the user's language, which ours replaces
    static dependencies = ["textDirection"];

    setup() {
        this.editable.dir = "auto";
        this.editable.setAttribute("role", "textbox");
        this.editable.setAttribute("aria-multiline", "true");
        this.editable.setAttribute("aria-label", this.config.label);
        // The shortcuts of the editor listen further out, at the window
        this.addDomListener(this.editable, "keydown", (event) => {
            if (event.key === "Tab") {
                event.stopPropagation();
            }
        });
    }
}

/** The words of a reminder: nobody who works without a mouse is caught in them. */
export class FollowupWordsField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        const { name, record } = this.props;
        return {
            ...config,
            label: record.fields[name].string,
            Plugins: [...config.Plugins, LetterPlugin],
        };
    }
}

registry.category("fields").add("followup_words", {
    ...htmlField,
    component: FollowupWordsField,
});
