import { useBus, useService } from "@web/core/utils/hooks";
import { useEnv, useSubEnv } from "@odoo/owl";

/**
 * Leads from a dialog back to the button of the view that opened it.
 *
 * Odoo means to, but it disables the buttons while the dialog opens: the browser then takes
 * the focus from the one that was pressed, and nobody remembers it. To be called after the
 * `setup` of a controller, which says what a click on a button does.
 */
export function useFocusReturn() {
    const ui = useService("ui");
    const { onClickViewButton } = useEnv();
    let opener = null;
    useSubEnv({
        onClickViewButton(params) {
            opener = document.activeElement;
            return onClickViewButton(params);
        },
    });
    useBus(ui.bus, "active-element-changed", () => {
        if (opener && ui.activeElement === document) {
            opener.focus();
            opener = null;
        }
    });
}
