import { useBus, useService } from "@web/core/utils/hooks";
import { useEffect, useExternalListener } from "@odoo/owl";

const ROWS = ".o_data_row";
const STOPS = "input:not(:disabled), button:not(:disabled), a[href]";

// How the last thing was done: whoever clicks has the mouse to find the place again
let isByKeys = false;

/** The customer whose statement was open last, and its row in the list it came from. */
export const lastOpened = { resId: null, row: 0 };

/**
 * Where in a list somebody stands: the row, the column, and which thing in the cell, -1 for
 * the cell itself.
 */
function readPlace(root, target) {
    const cell = target.closest("td, th");
    const row = target.closest(ROWS);
    return (
        row &&
        cell && {
            row: [...root.querySelectorAll(ROWS)].indexOf(row),
            column: cell.cellIndex,
            stop: [...cell.querySelectorAll(STOPS)].indexOf(target),
        }
    );
}

/** Stand at a place again, on the last row if the list has become shorter. */
function standAt(root, { row, column, stop }) {
    const rows = root.querySelectorAll(ROWS);
    const cell = rows[Math.min(row, rows.length - 1)]?.cells[column];
    const target = cell?.querySelectorAll(STOPS)[stop] || cell;
    target?.focus();
}

/**
 * Keeps the place of whoever works without the mouse.
 *
 * Saving, ticking or sending draws the rows anew, and buttons go where a reminder is no longer
 * due: the browser then forgets where one stood, and the next key would begin at the top of
 * the page. Without a row one stands at `otherwise`, a function that finds the element.
 * Returns a function that says in which row to stand.
 */
export function useKeptPlace(rootRef, otherwise = () => null) {
    const ui = useService("ui");
    let place = null;
    const keep = () => {
        const isLost = document.activeElement === document.body;
        if (!isLost || !isByKeys || ui.activeElement !== document) {
            return;
        }
        if (place) {
            standAt(rootRef.el, place);
        } else {
            otherwise()?.focus();
        }
    };
    useExternalListener(window, "keydown", () => (isByKeys = true), { capture: true });
    useExternalListener(window, "pointerdown", () => (isByKeys = false), { capture: true });
    useExternalListener(document, "focusin", ({ target }) => {
        // The buttons above the rows are for what is done with them
        if (rootRef.el?.contains(target) && !target.closest(".o_control_panel")) {
            place = readPlace(rootRef.el, target);
        }
    });
    useBus(ui.bus, "active-element-changed", keep);
    useEffect(
        (root) => {
            const observer = new MutationObserver(keep);
            observer.observe(root, { childList: true, subtree: true });
            return () => observer.disconnect();
        },
        () => [rootRef.el]
    );
    return (row) => {
        place = { row, column: 0, stop: 0 };
        standAt(rootRef.el, place);
    };
}

/** The same for a list: who came from above the rows begins with the first one. */
export function useKeptRow(rootRef) {
    return useKeptPlace(
        rootRef,
        () =>
            rootRef.el?.querySelector(`${ROWS} input`) ||
            rootRef.el?.querySelector(".o_searchview_input")
    );
}
