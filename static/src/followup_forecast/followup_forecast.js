import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

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

registry.category("views").add("followup_forecast_graph", {
    ...graphView,
    Renderer: FollowupForecastRenderer,
});
