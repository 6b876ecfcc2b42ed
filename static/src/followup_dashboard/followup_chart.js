import { localization } from "@web/core/l10n/localization";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, useEffect, useRef } from "@odoo/owl";

// The table below has the currency, and the cents
const TICK_FORMAT = { humanReadable: true, noSymbol: true, digits: [16, 1] };
const LETTER_PIXELS = 7;
const SCALE_PIXELS = 50;

/** Break words into lines of so many letters, at least one word each. */
function breakLines(text, letters) {
    const lines = [];
    for (const word of text.split(" ")) {
        const longer = lines.length ? `${lines.at(-1)} ${word}` : "";
        if (longer && longer.length <= letters) {
            lines[lines.length - 1] = longer;
        } else {
            lines.push(word);
        }
    }
    return lines;
}

/**
 * Bars for figures of one currency; a click on a bar opens the records behind it.
 *
 * The picture is for the eye alone: the table below it says the same to everybody, and
 * has the same links. Chart.js must be loaded.
 */
export class FollowupChart extends Component {
    static template = "account_payment_followup.FollowupChart";
    static props = {
        figures: Array,
        currencyId: Number,
        colors: Array,
        onSelect: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                const chart = new window.Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.figures]
        );
    }

    getConfig() {
        const { figures, colors } = this.props;
        const width = (this.canvas.el.parentElement.clientWidth - SCALE_PIXELS) / figures.length;
        return {
            type: "bar",
            data: {
                labels: figures.map(({ label }) => breakLines(label, width / LETTER_PIXELS)),
                datasets: [
                    {
                        data: figures.map((figure) => figure.amount),
                        backgroundColor: colors,
                        borderRadius: 3,
                        maxBarThickness: 56,
                    },
                ],
            },
            options: this.getOptions(localization.direction === "rtl"),
        };
    }

    getOptions(isRtl) {
        const { color, fontFamily } = getComputedStyle(this.canvas.el);
        const font = { family: fontFamily };
        const ticks = { color, font, maxRotation: 0, autoSkip: false };
        return {
            animation: false,
            maintainAspectRatio: false,
            onClick: (_event, [bar]) => bar && this.props.onSelect(this.props.figures[bar.index]),
            onHover: (event, bars) => {
                event.native.target.style.cursor = bars.length ? "pointer" : "default";
            },
            scales: {
                x: { grid: { display: false }, ticks, reverse: isRtl },
                y: {
                    beginAtZero: true,
                    position: isRtl ? "right" : "left",
                    ticks: {
                        ...ticks,
                        maxTicksLimit: 5,
                        callback: (value) => this.format(value, TICK_FORMAT),
                    },
                },
            },
            plugins: {
                legend: { display: false },
                tooltip: {
                    rtl: isRtl,
                    bodyFont: font,
                    titleFont: font,
                    callbacks: {
                        title: ([item]) => this.props.figures[item.dataIndex].label,
                        label: (item) => this.format(item.raw),
                    },
                },
            },
        };
    }

    format(amount, options = {}) {
        return formatMonetary(amount, { currencyId: this.props.currencyId, ...options });
    }
}
