import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { GraphController } from "@web/views/graph/graph_controller";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { onMounted, status, useComponent } from "@odoo/owl";

/** The forecasts whose other days were asked for: once, whatever page comes back. */
const asked = new Set();

/** A large ledger shows its first days at once; ask for the others, then show them. */
function useAllDays() {
    const component = useComponent();
    const orm = useService("orm");
    const notification = useService("notification");
    onMounted(async () => {
        const { context } = component.props;
        if (!context.forecast_id || asked.has(context.forecast_id)) {
            return;
        }
        asked.add(context.forecast_id);
        const close = notification.add(_t("The days that follow are being added…"), {
            type: "info",
            sticky: true,
        });
        try {
            await orm.silent.call("payment.followup.forecast", "action_complete_forecast", [], {
                context,
            });
        } finally {
            close();
        }
        if (status(component) !== "destroyed") {
            component.env.searchModel.search();
        }
    });
}

/** The reminders of the next days: they are counted in whole numbers, and so is the axis. */
export class FollowupForecastRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        const { measure, measures } = this.model.metaData;
        if (scales.y && measures[measure].type === "integer") {
            scales.y.ticks.precision = 0;
            scales.y.ticks.callback = (value) => this.formatValue(value);
        }
        return scales;
    }
}

export class FollowupForecastController extends GraphController {
    setup() {
        super.setup();
        useAllDays();
    }
}

registry.category("views").add("followup_forecast_graph", {
    ...graphView,
    Controller: FollowupForecastController,
    Renderer: FollowupForecastRenderer,
});
