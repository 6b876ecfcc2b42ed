import { useBus, useService } from "@web/core/utils/hooks";
import { useEffect, useExternalListener } from "@odoo/owl";

const ROWS = ".o_data_row";
const STOPS = "input:not(:disabled), button:not(:disabled), a[href]";

// How the last thing was done: whoever clicks has the mouse to find the place again
let isByKeys = false;

/** The customer's statement that was open last. */
export const lastOpened = { resId: null, resModel: null };

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

/** What is at a place now, on the last row if the list has become shorter. */
function findPlace(root, { row, column, stop }) {
    const rows = root.querySelectorAll(ROWS);
    const cell = rows[Math.min(row, rows.length - 1)]?.cells[column];
    return cell?.querySelectorAll(STOPS)[stop] || cell;
}

/**
 * Keeps the place of whoever works without the mouse.
 *
 * Saving, ticking or sending draws the rows anew, buttons go where a reminder is no longer
 * due, and those that open a dialog are disabled meanwhile: the browser then forgets where one
 * stood, and the next key would begin at the top of the page. One stands again on the same
 * thing if it is still there, else at its place in the rows, else at `otherwise`, a function
 * that finds the element. Returns a function that says in which row to stand.
 */
export function useKeptPlace(rootRef, otherwise = () => null) {
    const ui = useService("ui");
    let last = null;
    let place = null;
    const stand = () => {
        if (document.activeElement !== document.body || ui.activeElement !== document) {
            return;
        }
        if (last?.isConnected) {
            // Not while it is disabled: Odoo is still at what it was pressed for
            last.focus();
        } else if (isByKeys) {
            ((place && findPlace(rootRef.el, place)) || otherwise())?.focus();
        }
    };
    useExternalListener(window, "keydown", () => (isByKeys = true), { capture: true });
    useExternalListener(window, "pointerdown", () => (isByKeys = false), { capture: true });
    useExternalListener(document, "focusin", ({ target }) => {
        if (rootRef.el?.contains(target)) {
            last = target;
            // The buttons above the rows are for what is done with them
            if (!target.closest(".o_control_panel")) {
                place = readPlace(rootRef.el, target);
            }
        }
    });
    // A dialog leads back to its button, however it was opened
    useBus(ui.bus, "active-element-changed", stand);
    useEffect(
        (root) => {
            const observer = new MutationObserver(() => isByKeys && stand());
            observer.observe(root, {
                childList: true,
                subtree: true,
                attributeFilter: ["disabled"],
            });
            return () => observer.disconnect();
        },
        () => [rootRef.el]
    );
    return (row) => {
        last = null;
        place = { row, column: 0, stop: 0 };
        findPlace(rootRef.el, place)?.focus();
    };
}

/** Where somebody begins in a list: its first row, or the search if there is none. */
export function findFirstStop(root) {
    return root?.querySelector(`${ROWS} input`) || root?.querySelector(".o_searchview_input");
}
